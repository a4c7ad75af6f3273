import type { SentimentLanguage } from './sentiment-language.js';
import { wordWeights } from './word-weights.js';

/**
 * What chat with a business adds to AFINN, and the words of AFINN that mean nothing there: people ask for help, pay, cancel and say no
 * without any feeling.
 */
export const english: SentimentLanguage = {
  weights: wordWeights({
    0: `no, yes, help, helping, please, pls, want, wanted, wants, free, pay, charge, charged, charges, cancel, cancelled, canceled, share, like, kind, top, number,
      reach, join, demand, alone, big, god, hard, matter, cut, clear, sure, true, drop, stop, block, blocked, leave, ensure, apologise, apologize, interest, interested,
      win, winner, growing, ease, solid, save, vision, chance, fire, alert, lowest, apology, reached, spirit, certain, hide, natural, intense, cleaner, clean, cleaning, strength, hollow, gray, grey, poor soul, stops, forget, wins, accept, accepted, active, good for, pretty, sin, hope, hoping, no problem at all,
      good morning, good evening, good afternoon, good night, good day, kind of, what kind, no problem, no worries, not bad at all, like that, free of charge, sorry to bother`,
    1: 'ok thanks, k thx, fine, okay thanks, sounds good, works for me, cool, haha, jaja',
    0.5: 'finally, be good',
    1.5: 'ty, thx, tks, thanks, thank you, thnx, tysm, cheers, ta',
    2: 'no worries at all, well done, good job, on time, so sweet, made my day, i like, i really like, we like, nailed it, yay, gotchu, polite, spotless, tidy, careful, prompt, punctual, courteous',
    3: 'lifesaver, life saver, goat, ur the best, the best, 10 10, no notes, five stars, 5 stars, chefs kiss, highly recommend, loved it, love it, bless you, above and beyond',
    '-1': 'smh, meh, weak, ugh, still waiting, kill, again, going broke, bit keen, too much, what even, kinda late, late, slow, delay, waiting, refund, wait',
    '-2': `not working, doesnt work, didnt work, never came, never showed, no show, never got, still nothing, nobody came, nobody answers, no one came, no one answers, not here,
      overcharged, charged twice, double charged, wtf, rude, dirty, leaking, lateness, pissed, bogus, misspelled, nonsense, annoyed, unacceptable, dont want it, doesnt turn up, didnt turn up, never turned up, dont come, doesnt come, didnt come, not here yet`,
    '-3': 'rip off, ripoff, ripped off, scammed, scammer+, scam, robbed, stole, stolen, unprofessional, worst, furious, useless, ridiculous, joke of a, waste of, fed up, sick of, disgusting, shame on, never again',
  }),
  negators: new Set('not no never without dont doesnt didnt isnt wasnt arent werent wont cant couldnt wouldnt shouldnt aint nor neither hardly cannot nothing havent hasnt'.split(' ')),
  boosters: new Set('very so really super extremely totally absolutely too such damn freaking fucking hella mad especially incredibly'.split(' ')),
  dampers: new Set('bit slightly somewhat kinda fairly almost less'.split(' ')),
};
