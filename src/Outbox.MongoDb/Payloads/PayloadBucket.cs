using MongoDB.Bson;
using MongoDB.Driver;

namespace Outbox.MongoDb.Payloads;

/// <summary>
/// Documents as GridFS has them. The driver's own bucket takes no session, and what is not written in the transaction of its message could be there without one.
/// </summary>
internal static class PayloadBucket
{
    public const string ExpiresAt = "expiresAt";
    public const string IsRead = "isRead";
    public const string FileId = "files_id";
    public const string Readers = "metadata.readers";
    public const string ReadBy = "metadata.readBy";

    /// <summary>As many bytes as GridFS puts into a chunk.</summary>
    private const int ChunkSize = 255 * 1024;

    public static BsonDocument File(Outbox.Payloads.StoredPayload payload, DateTime now, DateTime? expiresAt)
    {
        var file = new BsonDocument
        {
            { "_id", payload.Id },
            { "length", (long)payload.Content.Length },
            { "chunkSize", ChunkSize },
            { "uploadDate", now },
            { "filename", payload.MessageId },
            { "metadata", new BsonDocument { { "topic", payload.Topic }, { "readers", new BsonArray(payload.Readers) }, { "readBy", new BsonArray() } } },
        };
        return expiresAt is { } time ? file.Add(ExpiresAt, time) : file;
    }

    public static IEnumerable<BsonDocument> Chunks(Outbox.Payloads.StoredPayload payload, DateTime? expiresAt)
    {
        for (var n = 0; n * ChunkSize < payload.Content.Length; n++)
        {
            var data = payload.Content.Slice(n * ChunkSize, Math.Min(ChunkSize, payload.Content.Length - (n * ChunkSize)));
            var chunk = new BsonDocument { { "_id", ObjectId.GenerateNewId() }, { FileId, payload.Id }, { "n", n }, { "data", new BsonBinaryData(data.ToArray()) } };
            yield return expiresAt is { } time ? chunk.Add(ExpiresAt, time) : chunk;
        }
    }

    /// <summary>Puts chunks together that come in their order.</summary>
    /// <returns><see langword="null"/> where some are missing: they expire one by one.</returns>
    public static async Task<ReadOnlyMemory<byte>?> JoinAsync(IAsyncCursor<BsonDocument> chunks, int length, CancellationToken cancellationToken)
    {
        var content = new byte[length];
        var (filled, n) = (0, 0);
        while (await chunks.MoveNextAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var chunk in chunks.Current)
            {
                var data = chunk["data"].AsByteArray;
                if (chunk["n"].ToInt32() != n++ || data.Length > length - filled)
                {
                    return null;
                }

                data.CopyTo(content, filled);
                filled += data.Length;
            }
        }

        return filled == length ? content : null;
    }
}
