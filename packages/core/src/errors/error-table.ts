/**
 * What an error is decides what happens to the message (docs/guides/delivery.md):
 * `input` dead letter · `config` refuse to boot · `transient` park and retry · `fault` note it and go on · `bug` dead letter with stack.
 */
export type ErrorKind = 'input' | 'config' | 'transient' | 'fault' | 'bug';

export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** What was found, what was expected, what to do. `{name}` is filled from the error's details; never message text or contact data. */
  readonly text: string;
}

/** Every error Colloquy raises by itself. docs/reference/errors.md lists the same codes; a test keeps both equal. */
export const errorTable = {
  // messages
  MESSAGE_NOT_JSON: { kind: 'input', text: 'Found bytes that are not JSON{where}; expected one JSON object per message in UTF-8. Mend the producer.' },
  MESSAGE_NOT_OBJECT: { kind: 'input', text: 'Found {found}; expected a message object with id, conversationId and text or media. See docs/reference/message.md.' },
  MESSAGE_FIELD_MISSING: { kind: 'input', text: 'Found no {field}; expected {expected}. Add the field in the producer.' },
  MESSAGE_FIELD_INVALID: { kind: 'input', text: 'Found {found} in {field}; expected {expected}. Correct the field in the producer.' },
  MESSAGE_FIELD_UNKNOWN: { kind: 'input', text: 'Found the unknown field {field}; expected only the fields of docs/reference/message.md. Put your own data under meta.' },
  MESSAGE_EMPTY: { kind: 'input', text: 'Found neither text nor media; expected at least one of them. Do not send empty messages.' },
  MESSAGE_TEXT_TOO_LONG: { kind: 'input', text: 'Found a text of {chars} characters; expected at most {maxChars}. Split it, or send it as a document.' },
  MESSAGE_TEXT_MALFORMED: { kind: 'input', text: 'Found {found} at character {offset} of {field}; expected well-formed Unicode without NUL. Mend the encoding in the producer.' },
  MESSAGE_TIME_IMPLAUSIBLE: { kind: 'input', text: 'Found a time {found} in at; expected one from the year 2000 to one day ahead of now. Check the clock and the unit (ISO 8601, not seconds) of the producer.' },
  // stages and pipelines
  PIPELINE_NEED_UNMET: { kind: 'config', text: 'Stage {stage} needs {needs}; found before it: {available}. Put a stage that provides {needs} before it.' },
  PIPELINE_STAGE_DUPLICATE: { kind: 'config', text: 'Stage {stage} appears twice; expected each stage once. Remove one.' },
  PIPELINE_SLOT_CONFLICT: { kind: 'config', text: 'Found slot {slot} provided by both {first} and {second} in one parallel group; expected one. Move one of them out of the group.' },
  PIPELINE_NOT_OPEN: { kind: 'config', text: 'Found a closed pipeline; expected an open one. Make a new pipeline after close().' },
  STAGE_ID_INVALID: { kind: 'config', text: 'Found stage id {id}; expected name@version such as classify-intent@1.' },
  STAGE_OPTION_INVALID: { kind: 'config', text: 'Stage {stage}, option {option}: {problem}. See docs/stages/{name}.md.' },
  STAGE_PEER_MISSING: { kind: 'config', text: 'Stage {stage} needs the package {peer}, which is not installed. Run: npm install {peer}' },
  STAGE_PORT_MISSING: { kind: 'config', text: 'Stage {stage} needs the port {port}, which was not given. Pass it as second argument: {example}' },
  STAGE_NEED_ABSENT: { kind: 'fault', text: 'Stage {stage} did not run: its need {slot} is absent because an earlier stage failed. Mend the earlier stage.' },
  STAGE_DEADLINE: { kind: 'fault', text: 'Stage {stage} was not done after {limitMs} ms; its result is left out. Raise the deadline or speed up the stage.' },
  STAGE_PATCH_INVALID: { kind: 'bug', text: 'Stage {stage} returned {found}; expected an object with only the slots it provides ({provides}). Mend the stage.' },
  STAGE_FAILED: { kind: 'bug', text: 'Stage {stage} threw an unclassified error. The cause has the stack; report or mend it.' },
  MODEL_NOT_FOUND: { kind: 'config', text: 'Found no model {model}; expected the package {package} or a folder of that name in the model directory. Run: npm install {package}' },
  MODEL_INVALID: { kind: 'config', text: 'Model {model}: {problem}. Reinstall the model, or train it again.' },
  // media
  MEDIA_NOT_FOUND: { kind: 'fault', text: 'Found no bytes for attachment {index}; expected them in the media store. Upload the file before the message.' },
  MEDIA_REF_INVALID: { kind: 'input', text: 'Found a media reference that is not sha256- and 64 hex digits. Use the reference the media store returned.' },
  MEDIA_EMPTY: { kind: 'fault', text: 'Found an attachment of 0 bytes; expected a file. Ask the sender for the file again.' },
  MEDIA_FILE_REFUSED: { kind: 'input', text: 'Found a media file path{where} that {problem}; expected a relative path inside the folder of the message file. Copy the file there, or upload it.' },
  MEDIA_TOO_LARGE: { kind: 'fault', text: 'Found an attachment of {sizeBytes} bytes; expected at most {maxBytes}. Raise maxBytes, or send a smaller file.' },
  MEDIA_TYPE_MISMATCH: { kind: 'fault', text: 'Found {found} where {declared} was declared; the file is refused. Ask the sender for the file again.' },
  MEDIA_TYPE_UNKNOWN: { kind: 'fault', text: 'Found bytes of no known type; the file is kept, not processed.' },
  MEDIA_TYPE_UNSUPPORTED: { kind: 'fault', text: 'Found a {mimeType}, which is not decoded here; the file is kept as it came, its metadata included. Ask the sender for a JPEG, PNG, WebP or GIF.' },
  MEDIA_CORRUPT: { kind: 'fault', text: 'Found a {mimeType} that cannot be decoded; the file is refused. Ask the sender for the file again.' },
  MEDIA_TOO_MANY_PIXELS: { kind: 'fault', text: 'Found a picture of {pixels} pixels; expected at most {maxPixels}. Raise maxPixels, or send a smaller picture.' },
  MEDIA_TOOL_MISSING: { kind: 'fault', text: 'Found no {tool}; audio and video are stored without duration and thumbnail. Install ffmpeg, or set its path.' },
  MEDIA_TIMEOUT: { kind: 'fault', text: 'Found {tool} still at work after {timeoutMs} ms; it was stopped, and the file is kept without what it would have told. Raise timeoutMs, or send a shorter file.' },
  // configuration
  CONFIG_NOT_FOUND: { kind: 'config', text: 'Found no configuration at {file}. Run: colloquy init' },
  CONFIG_NOT_YAML: { kind: 'config', text: 'Found {problem} in {file} line {line}; expected YAML. Correct the line.' },
  CONFIG_REFUSED: { kind: 'config', text: 'Found {count} problems in {file}; expected none. {list} Correct them and start again.' },
  CONFIG_MODULE_INVALID: { kind: 'config', text: '{path}: found {problem} in the module {module}; expected exports made by defineStage. Correct the path, or install the package.' },
  CONFIG_INVALID: { kind: 'config', text: '{path}: {problem}. See docs/reference/config.md.' },
  CONFIG_STAGE_UNKNOWN: { kind: 'config', text: '{path}: found the unknown stage {stage}; expected one of {known}.' },
  CONFIG_VARIABLE_MISSING: { kind: 'config', text: '{path}: found no environment variable {variable}. Set it, or write the value in the file.' },
  CONFIG_ADAPTER_MISSING: { kind: 'config', text: '{path}: {adapter} needs the package {peer}, which is not installed. Run: npm install {peer}' },
  // sources and stores
  SOURCE_UNREACHABLE: { kind: 'transient', text: 'Found no answer from {source}; expected a running broker. It is retried with backoff; check address and network.' },
  SOURCE_TOPIC_MISSING: { kind: 'transient', text: 'Found no topic {topic} in {source}; expected it to exist. Create it, or let the runner create it; reading starts by itself then.' },
  SOURCE_DENIED: { kind: 'config', text: '{source} answered, but refused the credentials or their rights ({problem}). Correct user, password or mechanism, or allow the user to list, describe and create topics; then start again.' },
  SOURCE_TOPIC_REFUSED: { kind: 'config', text: 'Found a topic {topic} that {source} does not make ({problem}); expected partitions, replicas and a name that it allows. Correct source.create or enriched.create, or make the topic yourself.' },
  SOURCE_PARTITION_LOST: { kind: 'transient', text: 'Found {partitions} of {source} no longer ours at the commit; expected to own them. Nothing to do: their new owner reads the records again.' },
  SINK_REFUSED: { kind: 'input', text: '{sink} refused a record: {problem}. Make it smaller, or raise the limit of the topic.' },
  SOURCE_READ_ONLY: { kind: 'input', text: 'Found a message for a runner whose source is {source}; expected a source that takes messages. Set source.kind to embedded or kafka.' },
  INPUT_FILE_UNREADABLE: { kind: 'input', text: 'Found no readable file {file} ({problem}); expected a file of messages. Check the path; the other files go on.' },
  SOURCE_LINE_INVALID: { kind: 'input', text: 'Found a broken line {line} in {file}; expected one JSON object a line. The other lines go on; correct this one and send it again.' },
  SOURCE_LINE_TOO_LONG: { kind: 'input', text: 'Found line {line} in {file} longer than {maxBytes} bytes; expected at most that. The other lines go on; send its media as files instead of inside the line.' },
  SOURCE_TEXT_INVALID: { kind: 'input', text: 'Found line {line} in {file} that is not UTF-8; expected one text a line in UTF-8. The other lines go on; convert the file.' },
  SOURCE_FILE_UNREADABLE: { kind: 'config', text: 'Found no readable file {file} ({problem}); expected a file of messages, one JSON object a line. Correct the path or its permissions.' },
  STORE_UNREACHABLE: { kind: 'transient', text: 'Found no answer from {store}; expected a running database. It is retried with backoff; check address and network.' },
  STORE_DENIED: { kind: 'transient', text: '{store} answered, but refused the credentials or their rights. Correct user, password or roles; it is tried again.' },
  STORE_REFUSED: { kind: 'input', text: 'The store refused message {id}: {problem}. It is dead-lettered with everything needed to replay it.' },
  STORE_SCHEMA_MISMATCH: { kind: 'config', text: 'Found schema version {found} in {store}; expected {expected}. Run the migrations, or use the version of Colloquy that wrote it.' },
  STORE_IN_USE: { kind: 'config', text: 'Found another process using the data folder {dir}; expected none. Stop it, or choose another folder.' },
  STORE_CORRUPT: { kind: 'config', text: 'Found a damaged database in {dir}: {problem}. Restore the folder from a backup; nothing was changed.' },
  QUERY_INVALID: { kind: 'input', text: 'Found {found} in {field}; expected {expected}. Correct the query.' },
  DELIVERY_PLACE_TAKEN: { kind: 'input', text: 'Found another record parked at {partition}, offset {offset}; expected one record a place. Was the topic or file replaced? The later one is dead-lettered; replay it.' },
  DELIVERY_BUDGET_SPENT: { kind: 'input', text: 'The message was tried {attempts} times in {elapsedMs} ms without success; it is dead-lettered. Mend the cause, then replay.' },
  // HTTP
  HTTP_NOT_FOUND: { kind: 'input', text: 'Found no {what}; expected the address of something that exists. Check the path; docs/guides/http-api.md lists the routes.' },
  HTTP_REQUEST_INVALID: { kind: 'input', text: 'Found a request that the server cannot read ({problem}). Correct the request; /openapi.json describes each one.' },
  HTTP_TYPE_UNSUPPORTED: { kind: 'input', text: 'Found a body of another content type; expected {expected}. Set the content-type header.' },
  HTTP_BODY_TOO_LARGE: { kind: 'input', text: 'Found a body of more than {maxBytes} bytes; expected at most that. Send less at once, or raise the limit in the configuration.' },
  HTTP_LIST_INVALID: { kind: 'input', text: 'Found a list of {found} messages; expected 1 to {max}. Send several smaller lists.' },
  HTTP_LIST_REFUSED: { kind: 'input', text: 'Found no valid message among the {found} of the list; none was taken in. The items tell what is wrong with each.' },
  HTTP_RATE_LIMITED: { kind: 'input', text: 'Found more than {max} requests a minute from one address; expected at most that. Wait as long as the retry-after header says, and send lists instead of single messages.' },
  HTTP_ORIGIN_REFUSED: { kind: 'input', text: 'Found a request for another host or from the page of another site; expected one to this address. Add the host to the allowed hosts of the HTTP options.' },
  HTTP_LISTEN_FAILED: { kind: 'config', text: 'Found no way to listen on {host} port {port} ({problem}); expected a free port. Stop the other process, or choose another port.' },
  HEALTH_CHECK_TIMEOUT: { kind: 'transient', text: 'Found no answer from {dependency} within {limitMs} ms; expected one. Check the dependency and the network to it.' },
  DELIVERY_DRAIN_INCOMPLETE: { kind: 'transient', text: 'Found {inFlight} messages still under way when the time to drain was over; expected none. They were not committed and come again at the next start. Raise delivery.drainMs if this happens often.' },
  INTERNAL: { kind: 'bug', text: 'Found an unexpected error in {where}. The cause has the stack; report it.' },
} as const satisfies Record<string, ErrorEntry>;

/** A code of the error table. */
export type ErrorCode = keyof typeof errorTable;
