export { mediaStoreSuite, type MediaStoreSuiteOptions } from './media-store-suite.js';
export { nastyTexts } from './nasty-texts.js';
export { needsTool } from './needs-tool.js';
export { stageChecks, type StageCheck } from './stage-checks.js';
export { stageSuite, type StageSuiteOptions } from './stage-suite.js';
export { answerOf, stageContext, stageTrial, type StageAnswer, type StageCallSettings, type StageTrial, type StageTrialOptions } from './stage-trial.js';
export { fakeClock, type FakeClock } from './fake-clock.js';
export { memorySource, type MemorySource, type MemorySourceOptions, type ProducedRecord } from './memory-source.js';
export { sourceSuite, type SourceSuiteOptions, type SourceUnderTest } from './source-suite.js';
