import { colloquyError, isContentRef } from '@colloquy/core';
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './http-api-parts.js';
import { mediaTypeOf } from './media-type.js';
import { described } from './openapi.js';

export async function addMediaRoutes(app: FastifyInstance, { media, options }: HttpContext): Promise<void> {
  app.get<{ Params: { ref: string } }>(
    '/media/:ref',
    { schema: described({ summary: 'The bytes of an attachment or thumbnail', tag: 'media', params: { ref: '`sha256-` and 64 hex digits' }, answers: { 200: 'application/octet-stream' } }) },
    async (request, reply) => {
      const { ref } = request.params;
      if (!isContentRef(ref)) throw colloquyError('MEDIA_REF_INVALID');
      const etag = `"${ref}"`;
      if (request.headers['if-none-match'] === etag) return reply.code(304).header('etag', etag).send();
      const bytes = await media.get(ref);
      if (bytes === undefined) throw colloquyError('HTTP_NOT_FOUND', { what: 'bytes under this reference' });
      const { mimeType, extension, inline } = await mediaTypeOf(bytes);
      return reply
        .type(mimeType)
        .header('content-disposition', inline ? 'inline' : `attachment; filename="${ref.slice(0, 19)}.${extension}"`)
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('cache-control', 'private, max-age=31536000, immutable')
        .header('etag', etag)
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );

  // Bytes of any type are welcome here and only here.
  await app.register(async (upload) => {
    upload.removeAllContentTypeParsers();
    upload.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    upload.post<{ Body: Buffer | undefined }>(
      '/media',
      {
        bodyLimit: options.maxMediaBytes,
        schema: described({
          summary: 'Keep the bytes of an attachment',
          description: 'The raw bytes are the body. Name the ref in `media[].ref` of the message that follows.',
          tag: 'media',
          body: { type: 'string', format: 'binary' },
          bodyType: 'application/octet-stream',
          answers: { 201: 'MediaStored' },
        }),
      },
      async (request, reply) => {
        const bytes = request.body;
        if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw colloquyError('HTTP_REQUEST_INVALID', { problem: 'no bytes in the body' });
        const ref = await media.put(bytes);
        return reply.code(201).header('location', `/media/${ref}`).send({ ref, sizeBytes: bytes.length });
      },
    );
  });
}
