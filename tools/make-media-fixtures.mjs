// Makes the media files of fixtures/conversations/media and fixtures/media. Everything is drawn, spoken or written here.
// Needs ffmpeg and espeak-ng on the PATH. Encoders differ between versions, so made files are committed and tests take those.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { root } from './workspace.mjs';

const good = join(root, 'fixtures/conversations/media');
const bad = join(root, 'fixtures/media');
const scratch = mkdtempSync(join(tmpdir(), 'colloquy-media-'));

mkdirSync(good, { recursive: true });
mkdirSync(bad, { recursive: true });
try {
  await makePictures();
  await makeFilm();
  makeVoices();
  makeDocuments();
  makeBadFiles();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** A photo as a phone takes it (turned sensor, camera, GPS), a screenshot, an advertisement, a waving hand. */
async function makePictures() {
  const camera = {
    IFD0: { Make: 'Fixture', Model: 'Phone 1', Software: 'make-media-fixtures', DateTime: '2026:03:03 07:58:40' },
    IFD2: { DateTimeOriginal: '2026:03:03 07:58:40', ExposureTime: '1/33' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '19/1 25/1 5760/100', GPSLongitudeRef: 'W', GPSLongitude: '99/1 7/1 5880/100' },
  };
  const upright = await sharp(Buffer.from(leakSvg())).flatten().png().toBuffer();
  const photo = sharp(upright).rotate(-90).jpeg({ quality: 80 }).withExif(camera).withMetadata({ orientation: 6 });
  await photo.toFile(join(good, 'leak.jpg'));
  await sharp(Buffer.from(receiptSvg())).flatten().png({ palette: true, compressionLevel: 9 }).withExif({ IFD0: { Software: 'Bank 4.2', Artist: 'Fixture' } }).toFile(join(good, 'receipt.png'));
  await sharp(Buffer.from(promoSvg())).flatten().webp({ quality: 80 }).withExif({ IFD0: { Copyright: 'Tienda Luna' } }).toFile(join(good, 'promo.webp'));
  const frames = await Promise.all([-25, -10, 5, 20, 5, -10].map((degrees) => sharp(Buffer.from(waveSvg(degrees))).flatten().png().toBuffer()));
  await sharp(frames, { join: { animated: true } }).gif({ colours: 16, delay: frames.map(() => 120), loop: 0 }).toFile(join(good, 'wave.gif'));
}

/** A slow look over a room, 1.6 s, with a hum. */
async function makeFilm() {
  const picture = join(scratch, 'room.png');
  await sharp(Buffer.from(roomSvg())).flatten().png().toFile(picture);
  ffmpeg([
    ...['-loop', '1', '-framerate', '12', '-t', '1.6', '-i', picture],
    ...['-f', 'lavfi', '-t', '1.6', '-i', 'sine=frequency=180:sample_rate=16000'],
    ...['-vf', "crop=320:240:'(iw-320)*t/1.6':0,format=yuv420p", '-c:v', 'libx264', '-preset', 'slow', '-crf', '30', '-threads', '1'],
    ...['-c:a', 'aac', '-b:a', '24k', '-ac', '1', '-fflags', '+bitexact', '-flags', '+bitexact', '-shortest'],
    join(good, 'visit.mp4'),
  ]);
}

function makeVoices() {
  const spoken = {
    'voice-en.ogg': ['en-us', 'Hi, this is Duane. I would like to get my gutters cleaned, could somebody come out to my place?'],
    'voice-es.ogg': ['es-419', 'Oiga, ¿y no se puede antes? Es que me urge muchísimo, lo necesito para hoy mismo, por favor.'],
    'voice-pt.ogg': ['pt-br', 'Oi, boa noite. Eu preciso de um carro para o aeroporto de Guarulhos na sexta-feira, primeiro de maio, às quatro e meia da manhã.'],
  };
  for (const [name, [voice, text]] of Object.entries(spoken)) {
    const wave = join(scratch, 'voice.wav');
    execFileSync('espeak-ng', ['-v', voice, '-s', '150', '-w', wave, text]);
    ffmpeg(['-i', wave, '-c:a', 'libopus', '-b:a', '16k', '-ac', '1', '-application', 'voip', '-fflags', '+bitexact', '-flags', '+bitexact', join(good, name)]);
  }
}

function makeDocuments() {
  writeFileSync(join(good, 'quote.pdf'), pdf(['QUOTE No. 118', 'Painting: two rooms and one wall, paint included', 'Labour 210.00', 'Paint 100.00', 'TOTAL 310.00', 'Valid for 15 days']));
  const card = ['BEGIN:VCARD', 'VERSION:3.0', 'N:Moreno;Alex;;;', 'FN:Alex Moreno', 'TITLE:Handyman', 'TEL;TYPE=CELL:+525555550190', 'EMAIL:alex.moreno@example.com', 'END:VCARD', ''];
  writeFileSync(join(good, 'contact.vcf'), card.join('\r\n'));
}

/** One damaged file of each kind, files that lie about their type, an empty one, and pictures that would fill the memory. */
function makeBadFiles() {
  const read = (name) => readFileSync(join(good, name));
  const cut = (name, share) => read(name).subarray(0, Math.floor(read(name).length * share));
  const write = (name, bytes) => writeFileSync(join(bad, name), bytes);
  write('truncated.jpg', cut('leak.jpg', 0.6));
  write('damaged.png', damaged(read('receipt.png')));
  write('truncated.webp', cut('promo.webp', 0.5));
  write('truncated.gif', cut('wave.gif', 0.5));
  write('truncated.mp4', cut('visit.mp4', 0.5));
  write('truncated.ogg', read('voice-en.ogg').subarray(0, 60));
  write('truncated.pdf', cut('quote.pdf', 0.5));
  write('truncated.vcf', cut('contact.vcf', 0.6));
  write('png-named.jpg', read('receipt.png'));
  write('html-named.png', '<!DOCTYPE html>\n<html><head><title>Not a picture</title></head><body><script>alert(1)</script></body></html>\n');
  write('playlist-named.mp4', '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n');
  write('empty.jpg', '');
  write('bomb.png', blackPng(20_000, 20_000));
}

function ffmpeg(args) {
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** The compressed pixels overwritten in the middle, header and end intact. */
function damaged(png) {
  const copy = Buffer.from(png);
  copy.fill(0xa5, Math.floor(copy.length * 0.5), Math.floor(copy.length * 0.5) + 64);
  return copy;
}

/** A valid black PNG, one bit a pixel: 50 kB that decode to 400 million pixels. */
function blackPng(width, height) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((Math.ceil(width / 8) + 1) * height);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, pngChunk('IHDR', header), pngChunk('IDAT', deflateSync(rows, { level: 9 })), pngChunk('IEND', Buffer.alloc(0))]);
}

function pngChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** One page of text lines (PDF 1.4, ISO 32000-1 §7.5). */
function pdf(lines) {
  const text = lines.map((line) => `(${line.replace(/[\\()]/g, '\\$&')}) Tj T*`).join('\n');
  const content = `BT /F1 16 Tf 24 TL 72 720 Td\n${text}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}

/** CRC-32 of ISO 3309, as PNG wants it. */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function svg(width, height, body) {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, sans-serif">${body}</svg>`;
}

function leakSvg() {
  const drops = [300, 360, 430, 500].map((y, index) => `<ellipse cx="${246 + index * 3}" cy="${y}" rx="7" ry="12" fill="#4a90d9"/>`).join('');
  return svg(480, 640, `<rect width="480" height="640" fill="#8a6f52"/><rect x="20" y="20" width="440" height="600" fill="#3d3128"/>
    <path d="M90 20 h300 v60 q-150 90 -300 0 z" fill="#c9ced2"/><path d="M240 120 v90 q0 60 60 60 h40 q40 0 40 -60 v-190" fill="none" stroke="#aab2b8" stroke-width="34"/>
    ${drops}<ellipse cx="250" cy="570" rx="170" ry="34" fill="#4a90d9" opacity="0.8"/><rect x="150" y="520" width="190" height="70" rx="12" fill="#b5533c"/>`);
}

function receiptSvg() {
  const rows = [['Folio', '00417'], ['Date', '2026-02-20 22:10'], ['Trip', '186.00'], ['Trip', '186.00'], ['TOTAL', '372.00']];
  const lines = rows.map(([label, value], index) => `<text x="40" y="${200 + index * 56}" font-size="22">${label}</text><text x="320" y="${200 + index * 56}" font-size="22" text-anchor="end">${value}</text>`).join('');
  return svg(360, 640, `<rect width="360" height="640" fill="#f4f5f7"/><rect width="360" height="90" fill="#0b6e4f"/><text x="180" y="56" font-size="26" fill="#fff" text-anchor="middle">Payment receipt</text>${lines}
    <circle cx="180" cy="540" r="44" fill="#0b6e4f"/><path d="M158 540 l16 16 l30 -34" stroke="#fff" stroke-width="8" fill="none"/>`);
}

function promoSvg() {
  return svg(480, 480, `<rect width="480" height="480" fill="#2b1b54"/><circle cx="380" cy="110" r="70" fill="#f6d55c"/><circle cx="408" cy="96" r="62" fill="#2b1b54"/>
    <text x="40" y="220" font-size="54" fill="#fff">Tienda Luna</text><text x="40" y="320" font-size="72" fill="#f6d55c">-25 %</text><text x="40" y="400" font-size="32" fill="#fff">LUNA · MAES20</text>`);
}

function waveSvg(degrees) {
  return svg(160, 160, `<rect width="160" height="160" fill="#fff4d6"/><g transform="rotate(${degrees} 80 130)"><rect x="56" y="70" width="48" height="56" rx="18" fill="#e8a33d"/>
    ${[58, 70, 82, 94].map((x) => `<rect x="${x}" y="30" width="9" height="50" rx="4" fill="#e8a33d"/>`).join('')}<rect x="100" y="76" width="30" height="10" rx="5" fill="#e8a33d"/></g>`);
}

function roomSvg() {
  return svg(420, 240, `<rect width="420" height="240" fill="#dfe7ea"/><rect y="180" width="420" height="60" fill="#a98c6b"/><rect x="60" y="70" width="110" height="120" rx="8" fill="#f7f7f7" stroke="#667"/>
    <circle cx="115" cy="136" r="36" fill="#9bb" stroke="#556" stroke-width="6"/><rect x="250" y="40" width="90" height="80" fill="#9fd0ef" stroke="#fff" stroke-width="6"/><rect x="370" y="60" width="40" height="130" fill="#7a5a3c"/>`);
}
