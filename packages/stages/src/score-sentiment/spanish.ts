import type { SentimentLanguage } from './sentiment-language.js';
import { wordWeights } from './word-weights.js';

/** Spanish as people in Mexico type it to a business. */
export const spanish: SentimentLanguage = {
  weights: wordWeights({
    0: `buenos dias, buen dia, buenas tardes, buena tarde, buenas noches, buena noche, muy buenas, bueno pues, bueno va, mejor voy, mejor no, que bueno seria, bien pagado,
      el bueno, la buena, lo mejor seria, mal entendido, no hay problema, sin problema, no pasa nada, no hay de que, ni un problema, no te preocupes, no se preocupe, por favor,
      favor de, mucho gusto, saldo a favor, a favor, bien a bien, si es bueno, mas bien, o bien, cual es la buena, ande malo, buen fin, limpiar bien`,
    0.5: 'bueno, bien, ok gracias, jaja, orale, sale, arre, sobres, de confianza, confianza, con gusto, saludos, saludito+, disponible+, listo, lista',
    1: `de nada, esta bien, muy amable de su parte, claro que si, por supuesto, sirve, funciona, funciono, aprovechar, bendicion, bendiciones, bendiga, interesa, interesante+,
      comod/, util+, correct/, segur/, recomendad/, tranquil/, calidad, facil, sencill/, cumplen, ayudo, ayudaron, barat/, economic/, descuentazo, gratis, ganga`,
    1.5: 'gracias, graciass, grax, grx, thx, gracia, agradecid/, agradezco, agradecemos, agradecer, mil gracias, muchas gracias, muchisimas gracias, ojala, nice, cool, gracias a dios',
    2: `buen, buena, buenas, buenos, amable+, atent/, educad/, rapid/, rapidito, rapidisimo, puntual, puntuales, puntualidad, limpi/, limpiecit/, bonit/, lind/, chid/, padre, padrisimo, suave,
      content/, feliz, felices, alegre+, alegria, gusta, gustan, gusto, gustaron, gustado, encantad/, convenient/, comodisim/, eficiente+, eficaz, responsable+, honest/, honrad/, profesional+, profesionales,
      cuidados/, trabajador, trabajadora, trabajadores, simpatic/, paciente+, paciencia, ayuda mucho, me salvo, me salvaron, super bien, muy bien, bien hecho, excelencia,
      quedo bien, quedo muy bien, se rifo, se la rifo, se rifaron, a gusto, me late, me conviene, buena onda, me cayo bien, tranquilidad, alivio, volvio el alma, ya quedo, jalo bien, cumplio, cumplieron, cumplid/`,
    3: `excelente+, excelentes, genial, geniales, encanta, encantan, encanto, encantaron, encantador, encantadora, maravill/, buenisim/, amabilisim/, bellisim/, hermos/, precios/, perfect/, feliz de,
      recomiendo, recomendable+, super recomendado, felicidades, felicito, felicitaciones, bravo, espectacular, espectaculares, chingon, chingona, chingones, poca madre, a toda madre, al cien, de lujo, de diez, de 10,
      10 de 10, un sol, un amor, un angel, da gusto, asi si da gusto, lo amo, los amo, amo, amamos, adoro, adore, me fascina, fascina, fascino, gente tan buena, de esos ya no hay, cinco estrellas, 5 estrellas, divin/, super amable`,
    4: 'increible+, maravillos/, fantastic/, extraordinari/, magnific/, excelentisim/, impecable+, el mejor, la mejor, los mejores, las mejores, lo mejor, insuperable+, inmejorable+',
    '-0.5': 'error, errores, equivocad/, cansad/, ni modo, raro, rara, otra vez, esperando, falta, falto, seguro que no, nadie',
    '-1': `problema+, queja+, quejarme, reclamo+, reclamar, reembolso, reembolsen, regresenme, devuelvan, devuelvanme, devolucion, demora+, demorad/, tardan, tarda mucho, tardanza, lent/, lentisim/, fall/, falla+,
      fallo, fallando, duda+, preocupad/, preocupa, preocupante, confus/, confusion, dificil, complicad/, incomod/, ruido, sucio, sucia, aburrid/, nervios/, lamento, lamentamos, lamentable+, uf, uff, ay no, temblando, se va del presupuesto,
      ya no quiero, no quiero, no me interesa, nada de eso, no entiendo, no puedo entrar, no abre, no carga, no jala, cancelenla ya, quitenme, quiteme, quitame, bajenme, dejen de, ponchada, ponchado, malentendido`,
    '-2': `mal, mala, malas, malos, malo, car/, carisim/, bien caro, bien cara, esta bien caro, esta bien cara, feo, fea, feos, feas, peor, peores, triste+, tristeza, enojad/, enojo, enoja, coraje, molest/, molestia, molesta, molestan, mugre, roto, rota, rotos, rotas, rompio, rompieron,
      rayaron, rayo, quebro, quebrad/, descompuest/, descompuso, danad/, dano, danaron, pesad/, tardaron, tardo mucho, retraso+, retrasad/, llego tarde, llegaron tarde, muy tarde, tan tarde, minutos tarde, no llego, no llega, no llegan, no llegaron, no ha llegado,
      no vino, no vinieron, nunca llego, nunca llegaron, nunca vino, nadie contesta, nadie me contesta, nadie responde, nadie me responde, nadie llega, nadie vino, no contestan, no responden, no me contestan, no me responden, no me resuelven, dejaron plantad/, dejo plantad/, plantad/,
      no sirve, no sirven, no funciona, no sirvio, no funciono, cobraron de mas, cobraron doble, cobraron dos veces, cobro doble, doble cobro, me cobraron dos, de mas, mal hecho, mal servicio, quedo mal, quedo peor, incumplid/, incumplieron, miedo, susto, asustad/,
      grito, gritaron, grosero, grosera, groseria+, maleducad/, prepotente+, altaner/, irresponsable+, impuntual, impuntuales, inutil, inutiles, mentira+, falso, falsa, falsos, falsas, sospechos/, se cae, se les cae, chafa, chafas, gacho, gacha, culero, ridicul/, no manches, no mames,
      perdid/, perdi, perdieron, lastima, lloro, llorando, me duele, ofendid/, injust/, desilusion, burla, se burlan, ya estuvo, no se vale, que poca, basta, fastidi/, desesperad/, hart/, me quejo, desastre, desatencion`,
    '-3': `pesim/, horrible+, terrible+, horror, asco, asqueros/, porqueria+, basura, fraude+, fraudulent/, estafa+, estafador, estafadores, estafaron, robo, robos, robaron, roban, robando, ratero+, ladron, ladrones, enganaron, engano, enganad/, rateria, transa, transas, extorsion,
      abuso+, abusiv/, abusan, verguenza, vergonzos/, decepcion, decepcionad/, decepcionante+, furios/, encabronad/, encabrona, emputad/, indignad/, indignante, inaceptable+, nefast/, deplorable+, fatal, fatales, pinche+, mierda, chingados, chingadera+, a la chingada, idiota+, estupid/, imbecil, imbeciles,
      cabron, cabrones, culeros, mentiros/, odio, odie, detesto, arrebato, amenazo, amenaza, amenazaron, acoso, peligros/, denuncia, denunciar, demandar, demanda, nunca mas, jamas vuelvo, no vuelvo, una burla, tomada de pelo, de lo peor, lo peor, el peor, la peor, los peores, hasta la madre, servicio de quinta`,
  }),
  negators: new Set('no nunca jamas ni sin tampoco nada ningun ninguna ninguno'.split(' ')),
  boosters: new Set('muy super bien tan re mucho mucha muchos muchas demasiado demasiada bastante mega hiper ultra sumamente totalmente absolutamente pinche mas'.split(' ')),
  dampers: new Set('poco algo medio casi apenas'.split(' ')),
};
