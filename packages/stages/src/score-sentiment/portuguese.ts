import type { SentimentLanguage } from './sentiment-language.js';
import { wordWeights } from './word-weights.js';

/** Portuguese as people in Brazil type it to a business. */
export const portuguese: SentimentLanguage = {
  weights: wordWeights({
    0: `bom dia, boa tarde, boa noite, boa madrugada, tudo bem, td bem, tudo bom, td bom, tudo certo, por favor, pfv, pf, sem problema, sem problemas, nao tem problema, nao tem de que, nao se preocupe,
      bem que, se bem que, ainda bem que, quem bom, bom entao, bom vamos, seria bom, a favor, favor, limpar bem, bem cedo, e bom, mal entendido, sem erro, ta bom, esta bem, ta bem, certo`,
    0.5: 'bom, bem, jaja, show, blz, beleza, fechou, fechado, combinado, abraco+, bjs, beijo+, ok obrigado, ok obrigada, legalzinho, disponivel, certinho, pronto',
    1: `por nada, de nada, imagina, com prazer, com certeza, claro que sim, claro, serve, funciona, funcionou, deu certo, da certo, passou sim, interessa, interessante+, util, uteis, corret/, segur/, confianca, tranquil/, facil, simples,
      barat/, baratinh/, gratis, valeu a pena, ajudou, ajudaram, aproveitar, amem, deus abencoe, fiquem com deus, fique com deus, issoo, uhu, oba, eba, opa bom`,
    1.5: 'obrigad/, obg, obgd, obrigadao, obrigadissim/, brigad/, brigadao, valeu, vlw, vlww, agradec/, agradeco, agradecemos, agradecid/, muito obrigado, muito obrigada, gratidao, thanks',
    2: `boa, bons, boas, legal, legais, bacana+, massa, daora, top, topzera, joia, gostei, gostamos, gosto, gosta, gostando, gostoso, gostosa, bonit/, lind/, lindo demais, fof/, querid/, simpatic/, educad/, atencios/, atent/, gentil, gentis, gentileza, rapid/, rapidinho, rapidissim/,
      pontual, pontuais, pontualidade, limp/, limpinh/, caprichad/, capricho, caprichou, cuidados/, eficiente+, competente+, honest/, confiavel, responsavel, profissional, profissionais, content/, feliz, felizes, alegre+, alegria, satisfeit/, tranquilidade, alivio, conforto, confortavel,
      ficou bom, ficou otimo, ficou lindo, ficou show, ficou perfeito, muito bom, muito boa, muito bem, bem feito, mandou bem, mandaram bem, paciencia, paciente+, recomendad/, me salvou, salvou, cumpriu, deixou limpo, mais limpa, mais limpo, vale a pena`,
    3: `otim/, excelente+, adorei, adoramos, adoro, amei, amamos, amo, amando, encantad/, incrivel, incriveis, perfeit/, perfeitinh/, parabens, nota 10, nota dez, cinco estrelas, 5 estrelas, recomendo, super recomendo, recomendaria, sensacional, sensacionais, espetacular, espetaculares, arrasou, arrasaram, arrasa,
      show de bola, lindissim/, educadissim/, simpaticissim/, muito educado, muito educada, um amor, um anjo, uns amores, nota mil, dou 5, dou 10, super bem, super rapido, bom demais, boa demais, merece`,
    4: 'maravilhos/, fantastic/, extraordinari/, magnific/, impecavel, impecaveis, o melhor, a melhor, os melhores, as melhores, melhor de todos, melhor de todas, insuperavel',
    '-0.5': 'erro, erros, errad/, cansad/, estranh/, de novo, outra vez, esperando, faltou, falta, duvida, ninguem, ue, aff',
    '-1': `problema+, reclamacao, reclamacoes, reclamar, reclamo, reembolso, estorno, estornar, devolvam, devolver, quero meu dinheiro, dinheiro de volta, demora+, demorad/, demorando, demorou, lent/, lerd/, atras/, atraso+, atrasou, atrasad/, atrasaram, falha+, falhou, falhando, preocupad/, preocupa, confus/, confusao,
      dificil, complicad/, incomod/, barulho, suj/, nervos/, infelizmente, lamento, lamentamos, sinto muito, desculpe mesmo, poxa, putz, nao quero, nao quero mais, nao tenho interesse, nao entendi nada, nao abre, nao carrega, nao consigo, nao entra, tira meu numero, parem de, para de mandar, caiu, caindo, ruinzinh/, parado na msm`,
    '-2': `ruim, ruins, mau, mal, maus, car/, carissim/, feio, feia, feios, feias, pior, piores, triste+, tristeza, chatead/, chat/, chatissim/, bravo com, brav/, irritad/, irritante+, irrita, raiva, odio, quebrad/, quebrou, quebraram, estragad/, estragou, estragaram, danificad/, manchou, manchad/, riscou, vazando, rasgad/, mofad/,
      chegou tarde, chegaram tarde, muito tarde, nao veio, nao vieram, nao chegou, nao chega, nao chegaram, nunca chegou, nunca veio, ninguem responde, ninguem atende, ninguem veio, ninguem resolve, nao respondem, nao atendem, nao resolvem, nao resolve, nao resolveu, nao funciona, nao funcionou, nao serve, nao presta, nao adianta, sem resposta, me deixou na mao, deixaram na mao,
      deixou esperando, cobraram duas vezes, cobrou duas vezes, cobranca dupla, em dobro, cobraram a mais, cobraram errado, mal feito, mal educad/, grosseir/, grosseria, gross/, arrogante+, ignorante+, mentira+, mentiu, mentiram, falso, falsa, suspeit/, desrespeito, despreparad/, desorganizad/, irresponsavel, irresponsaveis, medo, susto, assustad/, perdi, perdid/, perderam,
      chorando, chorei, ofendid/, injust/, palhacada, piada, que piada, brincadeira ne, ta de brincadeira, desastre, descaso, ja chega, cansei, fart/, lavam as maos, q piada, sacanagem, mds, se passando, preju, prejuizo, decepcao, decepcionad/`,
    '-3': `pessim/, horrivel, horriveis, terrivel, terriveis, horroros/, nojo, nojent/, lixo, porcaria, golpe+, golpista+, fraude+, estelionato, roubo, roubos, roubaram, roubou, roubando, ladrao, ladroes, enganaram, enganou, enganad/, enganacao, furto, abuso+, absurd/, vergonha, vergonhos/, decepcionante+, furios/, puto da vida, puta da vida, revoltad/, revoltante, inaceitavel, lamentavel, ridicul/,
      merda, bosta, porra, caralho, idiota+, imbecil, imbecis, burr/, estupid/, odeio, odiei, detesto, detestei, ameacou, ameaca, ameacas, assedio, perigos/, denuncia, denunciar, processar, processo neles, procon, nunca mais, jamais volto, nao volto, o pior, a pior, os piores, de quinta, falta de respeito, pouca vergonha`,
  }),
  negators: new Set('nao n naum nunca jamais nem sem nada nenhum nenhuma'.split(' ')),
  boosters: new Set('muito muita mto mt mtoo super bem tao demais bastante mega hiper ultra totalmente extremamente mais mo'.split(' ')),
  dampers: new Set('pouco meio quase algo'.split(' ')),
};
