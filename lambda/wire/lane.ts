/** A lane: one run of text within a request or a reply. */

export type Phase = 'input' | 'output';
export type Role = 'system' | 'developer' | 'user' | 'assistant' | 'tool';

/** What a stretch of text is to the conversation. */
export type LaneContent =
  | 'message'
  | 'reasoning'
  | 'refusal'
  | 'tool_arguments'
  | 'tool_result'
  | 'tool_definition'
  | 'transcript'
  | 'embedding_input'
  | 'annotation';

/** One stretch of text that a person or a model wrote, and where it stands in the message. */
export interface Lane {
  readonly phase: Phase;
  readonly role: Role;
  readonly content: LaneContent;
  /** JSON pointer (RFC 6901) of the text in the request, or in the assembled reply. */
  readonly path: string;
  /** The tool that is called or that answers, where one is. */
  readonly tool?: string;
  /** What names the text, where something does: the key of a JSON value. */
  readonly context?: string;
}

export interface LaneText {
  readonly lane: Lane;
  readonly text: string;
}
