import type { WordWeights } from './word-weights.js';

/** Emoji that the package lacks or weighs otherwise than people mean them in chat. Without skin tone and variation selector. */
export const emojiWeights: WordWeights = {
  ...weigh(3, '🥰 😍 😘 🤩 💯 🏆 🫶'),
  ...weigh(2, '🥹 🤗 🙌 👏 👍 ❤ ⭐ 🌟 🤝 😁 😄 😃 🥳 ✨ 💪 🫡 🙏 ☺ 😊 😀'),
  ...weigh(1, '😂 🤣 😆 😅 🙂 👌 ✅ 😎 🤭 👋'),
  ...weigh(0, '🙈 🙉 🙊 👨 👩 🧑 👦 👧 👶 👴 👵 😏 🏠 🔥 🎉 🛒 🌙 🎸 ☀'),
  ...weigh(-1, '🙃 🤨 😐 😑 🙄 😬 🤦 😰 😥 🥺 😭 😓 🤷 😵 😕 🫠 🥲'),
  ...weigh(-2, '😢 😩 😫 😒 😞 😔 😖 😣 😟 😱 👎 💔 😤 😠 ❌ ☹ 🙁 😨 😧'),
  ...weigh(-4, '😡 🤬 🖕 👿 🤮 🤢 💩'),
};

function weigh(weight: number, emoji: string): WordWeights {
  return Object.fromEntries(emoji.split(' ').map((one) => [one, weight]));
}
