/** Marks by which chat templates part the speakers; in a message they pretend that another one speaks. */
import type { Wordings } from '../concepts.ts';

/** Marks that only a template writes, with the speaker who outranks the user. */
export const boundary: Wordings = {
  chatml: '<|im_start|>system, <|im_start|>developer, <|im_end|>, <|im_start|>assistant, <|im_sep|>',
  llama2: '<<sys>>, <</sys>>, [/inst], <s>[inst]',
  llama3: '<|start_header_id|>, <|end_header_id|>, <|begin_of_text|>, <|eot_id|>, <|eom_id|>',
  other:
    '<|system|>, <|endoftext|>, <|end|>, <|endofprompt|>, <start_of_turn>model, <start_of_turn>system, <end_of_turn>, <|channel|>, <|start|>system, <|start|>developer, <|return|>, [system_prompt], [/system_prompt], [system](#, <|startoftext|>',
  tags: '</system>, </system_prompt>, </system-prompt>, </systemprompt>, </user_input>, </user-input>, </untrusted>, </developer>',
};

/** Marks that honest text uses as well; they need company to count. */
export const weakBoundary: Wordings = {
  any: '<|im_start|>, [inst], <system>, [system], <|user|>, <|assistant|>, ### system, ## system, # system, [system message], [system:, begin system, end of system, ### instruction:, ### new instruction, ### instructions:, --- system, ***system, system override, [admin], [assistant], [[system, <system_prompt>, <system-prompt>, </instructions>, <admin>, <developer>, (system), <instructions>, <|developer|>, system update:, system notice:, system alert:',
};

/** Words that claim the quoted or untrusted part is over. */
export const breakout: Wordings = {
  en: 'end of user input, end of input, end of document, end of context, end of data, end of text, user input ends here, end user query, end of user message, end of prompt, end of conversation, document ends, end of untrusted, end of article, end of email, end of the document, end of quote, begin new instructions, end of instructions, end of system prompt, end of system message, end prompt, end input',
};
