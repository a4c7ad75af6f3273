/**
 * Words that by themselves tell one of the three languages from the other two: the one- and two-word lines of a chat (greetings,
 * thanks, yes, question words, chat spellings), where letter statistics have nothing to go by. Lower case, with and without accents.
 */
export const languageCues: Readonly<Record<'en' | 'es' | 'pt', ReadonlySet<string>>> = {
  en: words(`hi hiya hello hey good morning night bye tomorrow today yes yeah yep yup nope sure sorry please pls thanks thank thx ty
    the and you your my it's i'm what when where who why how much nice great here there not don't can't need want`),
  es: words(`hola holis buenas buenos días tardes noches adiós ayer hoy mañana ahorita luego sí si simón órale orale ándale dale sale vale
    va porfa gracias grax muy bien bueno joven señor señora el los las y con cuánto cuanto cuándo cuando dónde donde cómo cual cuál
    quién nada usted ustedes quiero necesito`),
  pt: words(`oi oie olá ola bom boa dia noite tchau ontem hoje amanhã amanha agora sim não nao blz beleza obrigado obrigada obg brigado
    brigada vlw valeu muito mto tá tô né é um uma com pra pro quanto qto quando onde quem qual cadê kd você voce vc vcs moça moço também
    tb tbm isso issoo quero preciso`),
};

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
