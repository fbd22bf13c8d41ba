/** Wordings of "reveal … your system prompt". */
import type { Wordings } from '../concepts.ts';

export const reveal: Wordings = {
  en: 'reveal, revealing, show, show me, showing, print, display, output, repeat, tell me, tell us, give me, leak, disclose, expose, dump, list, share, write out, write down, spell out, return, recite, summarize, summarise, paraphrase, rephrase, translate, encode, send me, echo, copy, describe, provide, state, regurgitate, divulge, type out, read out, let me see, say, explain, quote, reproduce, uncover, extract, rewrite, tell, write, type, base64, paste',
  de: 'zeig, zeige, zeigen sie, verrate, verrat, nenne, nenn, gib, geben sie, drucke, wiederhole, wiederholen sie, offenbare, schreibe, schreib, sag, sage, sagen sie, übersetze, gebe',
  fr: 'révèle, révélez, révéler, montre, montrez, affiche, affichez, donne, donnez, répète, répétez, divulgue, imprime, imprimez, dis, dites, écris, traduis, partage',
  es: 'revela, revele, revelar, revélame, muestra, muestre, muéstrame, mostrar, dime, diga, imprime, imprima, repite, repita, divulga, dame, enseña, enséñame, escribe, comparte, traduce',
  pt: 'revele, revela, revelar, mostre, mostra, mostrar, diga, exiba, imprima, repita, me dê, divulgue, escreva, compartilhe, conte, traduza',
  it: 'rivela, riveli, rivelami, rivelare, mostra, mostrami, mostri, dimmi, stampa, ripeti, svela, scrivi, condividi, dammi, traduci',
  nl: 'toon, onthul, laat zien, geef, herhaal, vertel, schrijf, deel, print',
  pl: 'pokaż, pokażcie, ujawnij, wyświetl, podaj, powtórz, zdradź, wypisz, napisz, powiedz, wydrukuj',
  ru: 'покаж*, раскрой*, выведи*, повтори*, скажи*, расскажи*, напечатай*, сообщи*, напиши*, выдай*, раскрыть, показать, перечисли*, открой*',
  uk: 'покажи, розкрий, виведи, повтори, скажи',
  cs: 'ukaž, odhal, vypiš, prozraď, zopakuj, otkrij, pokaži, ispiši',
  sv: 'visa, avslöja, skriv ut, upprepa, vis, afslør, avslør',
  id: 'tampilkan, ungkapkan, tunjukkan, beritahu, cetak, ulangi',
  vi: 'tiết lộ, hiển thị, cho tôi biết, in ra, lặp lại',
  zh: '显示, 顯示, 告诉我, 告訴我, 透露, 输出, 輸出, 重复, 重複, 打印, 泄露, 展示, 公开, 說出, 说出, 给我, 列出, 复述, 翻译',
  ar: 'اعرض, أعرض, أظهر, اظهر, اكشف, كشف, أخبرني, اخبرني, اطبع, كرر, أفصح, اكتب, شارك',
  he: 'חשוף, הצג, הראה, גלה, הדפס',
};

/** Said by people who write prompts as well. */
export const loosePrompt: Wordings = {
  en: 'your prompt, your prompts, the prompt, ur prompt',
};

/** The verbs of these that ask for something word for word. */
export const recite: Wordings = {
  en: 'repeat, print, reveal, leak, output, reproduce, recite, echo, type out, dump, disclose, display, regurgitate, spell out, write out, show me, show',
};

/** A secret of the model's own. */
export const yourSecret: Wordings = {
  en: 'your password, your secret key, your secret word, your api key, your api keys, the secret password, your secret code, your passphrase, your access code, your secret phrase, your credentials',
  de: 'dein passwort, deinen api-schlüssel, dein geheimes passwort',
  fr: 'ton mot de passe, votre mot de passe secret',
  es: 'tu contraseña, tu clave secreta',
  pt: 'sua senha secreta, sua chave de api',
  it: 'la tua password, la tua chiave api',
  ru: 'твой пароль, свой пароль',
  zh: '你的密码, 你的密钥',
};

export const revealLast: Wordings = {
  de: 'preisgeben, anzeigen, zeigen, ausgeben, verraten, offenlegen, vorzeigen, aus, preis, vorzeigen, nennen, wiederholen',
  nl: 'tonen, zien, onthullen, weergeven',
  ja: '表示し, 表示せよ, 教えて, 見せて, 出力し, 開示し, 繰り返し, 公開し, 明かし, 話して, 書いて, 述べて, 示して, 漏ら',
  ko: '보여, 알려, 출력, 공개, 말해, 반복, 밝혀, 드러내, 노출, 표시',
  tr: 'göster*, açıkla*, söyle*, yazdır*, tekrarla*, ifşa et*, paylaş*, yaz, ver, listele*',
  hi: 'दिखाओ, दिखाएं, दिखाइए, बताओ, बताएं, बताइए, प्रकट, खुलासा, दोहराओ, दोहराएं, बताये, दिखाए',
  bn: 'দেখাও, দেখান, প্রকাশ, বলো',
  fa: 'نشان بده, را نشان, را بگو, فاش کن',
};

export const whatIs: Wordings = {
  en: "what is, what's, whats, what are, what were, what was, which are, do you have, know",
  de: 'was ist, was sind, wie lautet, wie lauten, was steht in, was waren',
  fr: 'quel est, quelle est, quelles sont, quels sont',
  es: 'cuál es, cuáles son, qué son, cual es, cuales son',
  pt: 'qual é, quais são, qual e, quais sao',
  it: 'qual è, quali sono, qual e',
  nl: 'wat is, wat zijn, wat staat er in',
  pl: 'jaki jest, jakie są, jaka jest, jakie masz',
  ru: 'какой, какие, каков, каковы, какая, что написано в',
  zh: '什么是, 是什么, 有哪些, 是甚麼',
  ja: '何です, なんです, 何が',
  ko: '무엇, 뭐야, 뭔가요',
  ar: 'ما هي, ما هو, ماهي, ماهو',
  tr: 'nedir, neler, nelerdir, ne',
  hi: 'क्या है, क्या हैं, क्या थे',
};

export const yourPrompt: Wordings = {
  en: 'your system prompt, your system prompts, your system message, your system instructions, your instructions, your initial prompt, your initial instructions, your initial message, your original instructions, your original prompt, your hidden prompt, your hidden instructions, your hidden rules, your guidelines, your directives, your programming, your pre-prompt, your preprompt, your base prompt, your developer message, your developer instructions, your secret instructions, your internal instructions, your internal rules, your internal guidelines, your exact instructions, your full instructions, your full prompt, your entire prompt, your previous instructions, your custom instructions, your first instructions, your first instruction, your configuration prompt, your core instructions, all your instructions, all your prompt, instructions you were given, instructions you received, instructions you have been given, instructions given to you, prompt you were given, you were instructed, were you instructed, were you told, rules you were given, all your prompt texts, your prompt text, your prompt texts, ur system prompt',
  de: 'deine anweisungen, deine instruktionen, ihre anweisungen, deinen systemprompt, dein systemprompt, deinen system-prompt, dein system-prompt, ihren systemprompt, deinen prompt, deine prompts, deine systemanweisungen, deine ursprünglichen, deine vorgaben, deine internen, all deine prompt*, sämtliche prompt*, sämtlicher prompt*, deine versteckten',
  fr: 'tes instructions, vos instructions, ton prompt, votre prompt, tes consignes, vos consignes, tes directives, ton prompt système, votre prompt système, ton invite, votre invite',
  es: 'tus instrucciones, sus instrucciones, tu prompt, su prompt, tus directrices, tus reglas internas, tu mensaje de sistema, tu prompt de sistema',
  pt: 'suas instruções, tuas instruções, seu prompt, teu prompt, suas diretrizes, seu prompt de sistema, suas regras internas',
  it: 'tue istruzioni, sue istruzioni, tuo prompt, suo prompt, tue direttive, tuo prompt di sistema, vostre istruzioni',
  nl: 'je instructies, jouw instructies, uw instructies, je prompt, jouw prompt, je systeemprompt, jouw systeemprompt, je systeeminstructies, je richtlijnen',
  pl: 'swoje instrukcje, twoje instrukcje, swój prompt, twój prompt, swoich instrukcji, swojego promptu, swój systemowy prompt, swój prompt systemowy',
  ru: 'твои инструкции, свои инструкции, ваши инструкции, твой промпт, свой промпт, ваш промпт, свой системный, твой системный, ваш системный, свои указания, свои правила, твои системные, свои системные',
  zh: '你的指令, 你的提示, 您的提示, 你的初始, 你的系统, 您的系统, 你的系統, 你的指示, 你的规则, 你收到的指令, 你的原始, 你的内部',
  ja: 'あなたの指示, あなたのプロンプト, あなたのシステム, あなたへの指示, あなたに与えられた, 君の指示, 初期指示',
  ko: '당신의 지시, 너의 지시, 당신의 프롬프트, 너의 프롬프트, 네 프롬프트, 당신의 시스템, 너의 시스템',
  ar: 'تعليماتك, موجهك, أوامرك, تعليمات نظامك, رسالة نظامك',
  tr: 'talimatlarını, talimatlarınızı, sistem istemini, sistem isteminizi, sistem talimatlarını, sistem talimatlarınızı, istemini, promptunu, sistem promptunu',
  hi: 'आपके निर्देश, अपने निर्देश, अपना सिस्टम, आपका सिस्टम, अपना प्रॉम्प्ट, अपने सिस्टम, तुम्हारे निर्देश',
};

export const thePrompt: Wordings = {
  en: 'the system prompt, the system message, system prompt verbatim, full system prompt, entire system prompt, hidden system prompt, the initial prompt, the initial instructions, initial system prompt, the hidden prompt, hidden instructions, hidden prompt, the original prompt, the original instructions, secret instructions, secret prompt, the developer message, the developer prompt, the pre-prompt, the preprompt, the prompt text, all prompt texts, prompt texts, prompt text, the above prompt, the prompt above, the instructions above, the above instructions, instructions before this, the first instruction, internal instructions, confidential instructions, my system prompt, system instructions, the internal prompt',
  de: 'systemprompt, systemprompts, system-prompt, systemanweisung, systemanweisungen, systemnachricht, prompttext*, prompt-text*',
  fr: 'prompt système, prompt systeme, invite système, instructions système, message système, instructions initiales, instructions cachées, prompt initial',
  es: 'prompt del sistema, prompt de sistema, instrucciones del sistema, mensaje del sistema, instrucciones iniciales, instrucciones ocultas, prompt inicial',
  pt: 'prompt do sistema, prompt de sistema, instruções do sistema, mensagem do sistema, instruções iniciais, instruções ocultas, prompt inicial',
  it: 'prompt di sistema, istruzioni di sistema, messaggio di sistema, istruzioni iniziali, prompt iniziale, istruzioni nascoste',
  nl: 'systeemprompt, systeeminstructies, systeembericht, verborgen instructies, systeem-prompt',
  pl: 'prompt systemowy, promptu systemowego, prompt systemu, instrukcje systemowe, komunikat systemowy, ukryte instrukcje, systemowy prompt',
  ru: 'системный промпт, системного промпта, системные инструкции, системную инструкцию, системное сообщение, системную подсказку, системный запрос, скрытые инструкции, начальные инструкции',
  uk: 'системний промпт, системні інструкції, системну підказку',
  cs: 'systémový prompt, systémové instrukce, sistemski prompt, sistemske upute, systemprompten',
  id: 'prompt sistem, instruksi sistem',
  vi: 'lời nhắc hệ thống, prompt hệ thống, hướng dẫn hệ thống',
  zh: '系统提示, 系統提示, 系统指令, 系统消息, 初始提示, 初始指令, 隐藏指令, 隐藏的指令, 原始提示, 系统prompt, 系统 prompt',
  ja: 'システムプロンプト, システム指示, システムメッセージ, 初期プロンプト, 隠された指示, システム命令',
  ko: '시스템 프롬프트, 시스템프롬프트, 시스템 메시지, 시스템 지시, 시스템 명령, 초기 지시, 숨겨진 지시',
  ar: 'موجه النظام, تعليمات النظام, رسالة النظام, أوامر النظام, مطالبة النظام, التعليمات الأصلية',
  he: 'הוראות המערכת, פרומפט המערכת',
  fa: 'دستورات سیستم, پرامپت سیستم',
  tr: 'sistem istemi*, sistem talimat*, sistem komut*, sistem promptu*, sistem mesajı*, gizli talimat*',
  hi: 'सिस्टम प्रॉम्प्ट, सिस्टम निर्देश, सिस्टम संदेश, सिस्टम के निर्देश',
  bn: 'সিস্টেম প্রম্পট',
};

export const aboveText: Wordings = {
  en: 'words above, text above, everything above, above text, sentences above, conversation above, above conversation, everything before this, text before this, the preceding text, preceding text, all the text above, your first message, your first sentence, the above verbatim, everything that was said before, message above, messages above, text before this input, words before this, text preceding this, lines above, first line of your, paragraphs above, what was written above, beginning of this prompt, beginning of the prompt, start of this prompt, start of the prompt, beginning of this conversation, start of this conversation, what is written above, context above, above paragraph verbatim',
  de: 'text oben, alles oben, obigen text, alles darüber, text davor',
  fr: 'texte ci-dessus, tout ce qui précède, texte précédent',
  es: 'texto anterior, todo lo anterior, texto de arriba',
  pt: 'texto acima, tudo acima, tudo o que está acima',
  it: 'testo sopra, testo precedente, tutto quanto sopra',
  ru: 'текст выше, все выше, всё выше',
  zh: '上面的内容, 上面的文字, 以上内容, 以上所有内容, 上文内容',
  ja: '上記のテキスト, 上の文章, 上記の内容',
};

export const secret: Wordings = {
  en: 'password, passwords, passwor, passwort, passcode, passphrase, secret key, secret word, secret code, access code, the secret, your secret, secret phrase, secret password, api key, api keys, the key, confidential information, hidden word, the flag, credentials',
  de: 'passwort, geheimwort, das geheimnis, kennwort, geheimen schlüssel',
  fr: 'mot de passe, mot secret, le secret, code secret',
  es: 'contraseña, palabra secreta, el secreto, clave secreta',
  pt: 'senha, palavra secreta, o segredo, chave secreta',
  it: 'parola segreta, il segreto, chiave segreta, la password',
  nl: 'wachtwoord, geheime woord',
  pl: 'hasło, hasła, tajne słowo, sekret',
  ru: 'пароль, пароля, секретное слово, секрет',
  zh: '密码, 密碼, 口令, 秘密, 密钥',
  ja: 'パスワード, 秘密, 合言葉',
  ko: '비밀번호, 암호, 비밀',
  ar: 'كلمة المرور, كلمة السر, السر',
  tr: 'parola*, şifre*, gizli kelime*',
  hi: 'पासवर्ड, गुप्त शब्द',
};
