/** Wordings that go with attacks, and those that go with talk about attacks. */
import type { Wordings } from '../concepts.ts';

export const newTask: Wordings = {
  en: 'your new task, new task, your new instructions, new instructions, new instruction, your new role, your new objective, your real task, your only task, your new goal, your new purpose, your task is now, updated instructions, new directive, new orders, system override, instead do, change your instructions, now do the following, important new',
  de: 'neue aufgabe, neuen aufgabe, neue aufgaben, neue anweisung, neue anweisungen, deine neue',
  fr: 'nouvelle tâche, nouvelles instructions, nouvelle instruction, ton nouveau rôle',
  es: 'nueva tarea, nuevas instrucciones, nueva instrucción, tu nuevo rol',
  pt: 'nova tarefa, novas instruções, nova instrução, seu novo papel',
  it: 'nuovo compito, nuove istruzioni, nuova istruzione',
  nl: 'nieuwe taak, nieuwe instructies, nieuwe opdracht',
  pl: 'nowe zadanie, nowe instrukcje, nowa instrukcja',
  ru: 'новая задача, новые инструкции, новое задание, твоя новая',
  zh: '新任务, 新的任务, 新指令, 新的指令',
  ja: '新しいタスク, 新しい指示, 新たな指示',
  ko: '새로운 지시, 새로운 작업, 새 지시',
  ar: 'مهمة جديدة, تعليمات جديدة, مهمتك الجديدة',
  tr: 'yeni görev*, yeni talimat*',
  hi: 'नया कार्य, नए निर्देश, नया निर्देश',
};

export const sayOnly: Wordings = {
  en: 'just say, only say, just print, say only, respond only with, respond with, reply with, reply only, only reply, output directly, just output, just answer, just rephrased, simply output, simply say, instead say, instead output, instead print, say that, print yay, directly output, and say, and print, and output, and tell me, and write, and answer, and respond, answer with, only respond, only output, then say, then print, and instead, and give me, and show me, and generate, and do the following, and follow, say what, and act, and start, and pretend, in your response the following',
  de: 'sag nur, schreibe nur, antworte nur, und sag, und schreibe, und schreib, schreibe nun, gib nur, und gib, und antworte, sage nur',
  fr: 'dis seulement, réponds uniquement, et dis, et écris, et affiche, réponds seulement',
  es: 'solo di, responde solo, y di, y escribe, y dime, y responde, solo responde, y muestra',
  pt: 'apenas diga, responda apenas, e diga, e escreva, e responda',
  it: 'di solo, rispondi solo, e di, e scrivi, e rispondi, e stampa',
  nl: 'zeg alleen, antwoord alleen, en zeg, en schrijf',
  pl: 'powiedz tylko, odpowiedz tylko, i powiedz, i napisz, odpowiadaj tylko',
  ru: 'просто скажи, только скажи, ответь только, и скажи, и напиши, и выведи, напиши только, отвечай только',
  zh: '只说, 只输出, 直接输出, 只回答, 并输出, 然后说, 并说, 只需回复',
  ja: 'とだけ, のみを出力, だけを出力, だけ答え',
  ko: '만 말해, 만 출력, 라고만, 라고 말해',
  ar: 'فقط قل, قل فقط, وقل, واكتب',
  tr: 'sadece söyle, sadece yaz, ve söyle, ve yaz, ve şunu',
  hi: 'केवल कहो, सिर्फ कहो, और कहो, और लिखो',
};

/** The model, named. */
export const model: Wordings = {
  en: 'chatgpt, an ai, ai model, language model, ai language model, gpt, gpt-4, gpt-3, openai, assistant, chatbot, ai assistant, ai bot, ai system, artificial intelligence, bing ai, claude, gemini, llm, bot, the ai',
};

export const pwned: Wordings = {
  en: 'pwned, p w n e d, been pwned, haha pwned, hijacked, been hacked by, you have been hacked',
};

/** Talk about attacks: together with quotation marks around the attack it tells a mention from a use. */
export const mention: Wordings = {
  en: 'prompt injection, prompt injections, jailbreak, jailbreaks, jailbreaking, injection attack, injection attacks, attack, attacks, attacker, attackers, phrases like, phrase like, such as, for example, e.g, the phrase, the term, the sentence, the words, what does, mean, means, detect, detecting, prevent, preventing, defend, defending, protect, protecting, classify, classifier, guardrail, filter, example of, examples of, explain why, says, contains, containing, called, titled, translate the, novel, story, blog, article, lecture, security, a message like, messages like, something like, malicious, users type, users say, users write, user types, user says, like',
  de: 'prompt-injection, angriff, angriffe, sätze wie, beispiel, bedeutet, schützen, verhindern, erkennen, erkläre',
  fr: 'injection de prompt, attaque, attaques, des phrases comme, par exemple, signifie, empêcher, détecter, protéger, explique',
  es: 'inyección de prompts, ataque, ataques, frases como, por ejemplo, significa, prevenir, detectar, proteger, explica',
  pt: 'injeção de prompt, ataque, ataques, frases como, por exemplo, significa, prevenir, detectar, proteger',
  it: 'attacco, attacchi, frasi come, per esempio, ad esempio, significa, prevenire, rilevare, proteggere',
  nl: 'aanval, aanvallen, zinnen als, bijvoorbeeld, betekent, voorkomen, detecteren',
  pl: 'atak, ataki, zdania takie jak, na przykład, oznacza, zapobiegać, wykrywać',
  ru: 'атака, атаки, атак, фразы вроде, например, означает, предотвратить, обнаружить, защитить',
  zh: '提示注入, 攻击, 例如, 比如, 意思, 防止, 检测, 什么意思',
  ja: 'プロンプトインジェクション, 攻撃, 例えば, という意味, 防ぐ, 検出',
  ko: '프롬프트 인젝션, 공격, 예를 들어, 의미, 방지, 탐지',
};
