/** Wordings of "you are now someone without rules". */
import type { Wordings } from '../concepts.ts';

/** Names and phrases that stand for nothing but a jailbreak. */
export const persona: Wordings = {
  en: 'do anything now, dan mode, are dan, as dan, named dan, called dan, jailbreak mode, jailbroken, always intelligent and machiavellian, strive to avoid norms, evil confidant, evil trusted confidant, god mode enabled, unfiltered mode, unrestricted mode, opposite mode, evil mode, you are jailbroken, broken free of the typical confines, broken the typical confines, typical confines of ai, just like dan, developer mode output, antigpt, anti-gpt, betterdan, evil ai, basedgpt, nsfwgpt, chatgpt with developer mode, developer mode v2, with dan, unethical ai, amoral ai, rogue ai, godmode, you have been freed, freed from your',
  de: 'dan-modus, dan modus, böse ki, jailbreak-modus, bist du dan, bist jetzt dan',
  fr: 'mode dan, ia maléfique, es dan, mode jailbreak',
  es: 'modo dan, eres dan, ia malvada, ahora dan, modo jailbreak, haz cualquier cosa ahora',
  pt: 'modo dan, é dan, és dan, ia maligna, faça qualquer coisa agora',
  it: 'modalità dan, sei dan, ia malvagia',
  nl: 'dan-modus, bent dan, kwaadaardige ai',
  pl: 'tryb dan, jesteś dan, trybie dan, zła sztuczna inteligencja',
  ru: 'режим dan, режиме dan, ты dan, режим джейлбрейка, злой ии, ты дэн, делай все что угодно',
  zh: 'dan模式, dan 模式, 越狱模式, 你是dan, 你是 dan, 邪恶的人工智能, 邪恶ai',
  ja: 'danモード, dan モード, 脱獄モード, ジェイルブレイク, 邪悪なai',
  ko: 'dan 모드, dan모드, 탈옥 모드, 사악한 ai',
  ar: 'وضع dan, أنت dan, الذكاء الاصطناعي الشرير',
  tr: 'dan modu, sen dan, jailbreak modu',
  hi: 'dan मोड, जेलब्रेक मोड',
};

export const developerMode: Wordings = {
  en: 'developer mode, dev mode, debug mode, god mode, admin mode, maintenance mode, sudo mode, root access, test mode, override mode, simulation mode, mode enabled, mode activated',
  de: 'entwicklermodus, entwickler-modus, debug-modus',
  fr: 'mode développeur, mode debug',
  es: 'modo desarrollador, modo de desarrollador, modo depuración',
  pt: 'modo desenvolvedor, modo de desenvolvedor, modo programador',
  it: 'modalità sviluppatore',
  nl: 'ontwikkelaarsmodus',
  pl: 'tryb dewelopera, tryb deweloperski, trybie dewelopera',
  ru: 'режим разработчика, режиме разработчика, режим отладки',
  zh: '开发者模式, 開發者模式, 调试模式, 开发人员模式',
  ja: '開発者モード, デバッグモード',
  ko: '개발자 모드, 디버그 모드',
  ar: 'وضع المطور, وضع المطورين',
  tr: 'geliştirici modu*',
  hi: 'डेवलपर मोड',
};

export const youAreNow: Wordings = {
  en: "you are now, you're now, youre now, from now on you, from now on, you will now, you are going to act, you are going to pretend, you are going to be, act as, acting as, pretend to be, pretend you are, pretend that you, pretend you have, roleplay as, role-play as, role play as, simulate, imagine you are, imagine that you, you must act, take on the role, play the role, switch to, enter, enable, activate, act like, act as if, you are an ai, you are a ai, you are a bot, you will respond as, respond as, answer as, stay in character, hypothetical, become, you are to act, transform into, in the role of, for the rest of this conversation, you have entered, you are in",
  de: 'du bist jetzt, du bist nun, jetzt bist du, ab jetzt, ab sofort, von nun an, tu so als, spiele die rolle, agiere als, verhalte dich, sie sind jetzt, stell dir vor, aktiviere',
  fr: 'tu es maintenant, vous êtes maintenant, à partir de maintenant, désormais, fais semblant, faites semblant, agis comme, agissez comme, joue le rôle, imagine que tu, active',
  es: 'ahora eres, eres ahora, a partir de ahora, actúa como, actua como, finge, desde ahora, haz como si, imagina que eres, activa, entra en',
  pt: 'você agora é, agora você é, a partir de agora, aja como, finja, imagine que você, atue como, ative',
  it: "ora sei, adesso sei, d'ora in poi, fingi, agisci come, comportati come, immagina di essere, attiva",
  nl: 'je bent nu, vanaf nu, doe alsof, gedraag je als, stel je voor dat je, activeer',
  pl: 'jesteś teraz, teraz jesteś, od teraz, udawaj, działaj jako, zachowuj się jak, wyobraź sobie, aktywuj, włącz',
  ru: 'теперь ты, ты теперь, с этого момента, отныне, представь, притворись, действуй как, веди себя как, ты сейчас, активируй, включи, войди в',
  zh: '你现在是, 现在你是, 从现在开始, 从现在起, 扮演, 假装, 你是一个, 你将, 想象你是, 进入, 启用, 激活, 切换到',
  ja: 'あなたは今, 今からあなたは, これから, ふりをし, として振る舞, 演じ, あなたは, 有効に',
  ko: '당신은 이제, 너는 이제, 이제부터, 지금부터, 척해, 역할을, 당신은, 활성화',
  ar: 'أنت الآن, من الآن فصاعدا, تظاهر, تصرف, تخيل أنك, فعل, ادخل',
  tr: 'artık sen, şu andan itibaren, gibi davran, rol yap, bundan sonra, sen artık, etkinleştir',
  hi: 'अब आप, अब तुम, अब से, नाटक, भूमिका, सक्रिय',
};

export const unrestricted: Wordings = {
  en: "no restrictions, without restrictions, without any restrictions, any restrictions, no rules, without rules, without any rules, no limits, without limits, without any limits, no limitations, without limitations, without any limitations, without any constraints, no constraints, without filters, without any filters, no filters, no filter, unfiltered, uncensored, unrestricted, untethered, unconstrained, no ethical, no moral, without ethical, without moral, without any ethical, without any moral, immoral, amoral, unethical, nonmoral, no ethics, without ethics, no guidelines, without guidelines, not bound by, not bound to, free from all, free of all restrictions, free from any, no censorship, without censorship, no boundaries, without boundaries, do not abide, do not have to abide, not required to follow, doesn't have to follow, don't have to follow, do not have to follow, does not have to follow, regardless of legality, regardless of ethics, no content policy, never refuse, never refuses, cannot refuse, can not refuse, cannot reject, no warnings, without warnings, no disclaimers, without disclaimers, no morals, no legal, bypass all, bypass your, bypass any, ignore all ethical, ignores all, ignoring all, all restrictions, restrictions are lifted, restrictions lifted, limitations removed, safety disabled, safety off, filters off, filters disabled, ethics are irrelevant, ethics is irrelevant, does not care about, do not care about, no longer bound, any moral, any ethical, unaligned, disregards all, disregard any, can do anything, will do anything, has no rules, ai limits, limits are removed, restrictions are removed, regardless of moral, without any inhibition, no inhibitions, always says yes, does not have any restrictions, no longer exist, no prohibitions, hates being ethical, without warning, no laws, unhinged, even if it is illegal, no matter how immoral, no matter how unethical, no matter how illegal, illegal or unethical, unethical or illegal, without any remorse",
  de: 'keine einschränkungen, ohne einschränkungen, keine regeln, ohne regeln, keine beschränkungen, ohne beschränkungen, ohne filter, keine filter, unzensiert, uneingeschränkt, ohne moral, keine moral, keine ethischen, ohne ethische, keine grenzen, ohne jegliche',
  fr: 'sans restrictions, sans aucune restriction, sans restriction, aucune restriction, aucune limite, sans limites, sans règles, aucune règle, sans filtre, sans filtres, sans censure, sans éthique, aucune censure',
  es: 'sin restricciones, sin ninguna restricción, sin reglas, sin límites, sin limitaciones, sin filtros, sin censura, sin ética, ninguna restricción, no tienes restricciones, no tienes reglas',
  pt: 'sem restrições, sem nenhuma restrição, sem regras, sem limites, sem limitações, sem filtros, sem censura, sem ética, nenhuma restrição',
  it: 'senza restrizioni, senza alcuna restrizione, senza regole, senza limiti, senza limitazioni, senza filtri, senza censura, nessuna restrizione, senza etica',
  nl: 'zonder beperkingen, geen beperkingen, zonder regels, geen regels, zonder filters, ongecensureerd, zonder restricties, geen ethische',
  pl: 'bez ograniczeń, bez żadnych ograniczeń, bez zasad, bez filtrów, bez cenzury, żadnych ograniczeń, nieograniczony, nie masz ograniczeń',
  ru: 'без ограничений, без всяких ограничений, без каких-либо ограничений, без правил, без фильтров, без цензуры, нет ограничений, никаких ограничений, без моральных, нет правил, без этических',
  zh: '没有任何限制, 没有限制, 不受限制, 无限制, 沒有限制, 不受任何, 没有道德, 无视道德, 没有规则, 不受约束, 无审查, 没有过滤, 没有审查',
  ja: '制限なし, 制限のない, 制限がない, 制約のない, 無制限, ルールのない, フィルターなし, 検閲なし, 倫理的な制約, 制限を受けない',
  ko: '제한 없이, 제한이 없는, 제한 없는, 무제한, 규칙 없이, 필터 없이, 검열 없이, 제약 없이, 제약이 없는',
  ar: 'بدون قيود, بلا قيود, دون قيود, دون أي قيود, بدون أي قيود, بدون قواعد, بلا حدود, غير مقيد, بدون رقابة, بدون فلاتر',
  tr: 'kısıtlama olmadan, kısıtlamasız, sınırsız, kuralsız, hiçbir kısıtlama, sansürsüz, filtresiz, hiçbir kural, sınırlama olmadan',
  hi: 'बिना किसी प्रतिबंध, कोई प्रतिबंध नहीं, बिना प्रतिबंध, कोई नियम नहीं, बिना नियम, बिना सेंसर, बिना किसी रोक',
};
