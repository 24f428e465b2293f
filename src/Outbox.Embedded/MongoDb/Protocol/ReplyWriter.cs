using System.Buffers.Binary;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Protocol;

/// Writes answers as OP_MSG (or OP_REPLY to an OP_QUERY) into a buffer that its connection reuses.
internal sealed class ReplyWriter
{
    private const int UsualSize = 256 * 1024;
    private MemoryStream _buffer = new(4096);
    private int _nextId;

    public ReadOnlyMemory<byte> Write(Reply reply, Request request, bool moreToCome, int? responseTo = null)
    {
        _buffer.SetLength(0);
        _buffer.Write(stackalloc byte[request.Legacy ? 36 : 21]);
        WriteDocument(reply);
        var bytes = _buffer.GetBuffer().AsSpan(0, (int)_buffer.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], LastId = Interlocked.Increment(ref _nextId));
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], responseTo ?? request.Id);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], request.Legacy ? 1 : 2013);
        if (request.Legacy)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], 8);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], 1);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], moreToCome ? 2 : 0);
        }

        return _buffer.GetBuffer().AsMemory(0, (int)_buffer.Length);
    }

    public int LastId { get; private set; }

    /// Gives back the room of a large answer, once it is sent: a connection may be idle for long.
    public void Trim()
    {
        if (_buffer.Capacity > UsualSize)
        {
            _buffer = new MemoryStream(4096);
        }
    }

    private void WriteDocument(Reply reply)
    {
        using var writer = Raw.Writer(_buffer);
        if (reply.Batch is not { } batch)
        {
            Serialize(writer, reply.Fields);
            return;
        }

        writer.WriteStartDocument();
        writer.WriteName("cursor");
        WriteBatch(writer, batch);
        foreach (var element in reply.Fields)
        {
            writer.WriteName(element.Name);
            BsonValueSerializer.Instance.Serialize(BsonSerializationContext.CreateRoot(writer), element.Value);
        }

        writer.WriteEndDocument();
    }

    private static void WriteBatch(BsonBinaryWriter writer, CursorBatch batch)
    {
        writer.WriteStartDocument();
        writer.WriteName(batch.Field);
        writer.WriteStartArray();
        foreach (var document in batch.Documents)
        {
            using var slice = new ByteArrayBuffer(document, isReadOnly: true);
            writer.WriteRawBsonDocument(slice);
        }

        writer.WriteEndArray();
        if (batch.ResumeToken is not null)
        {
            writer.WriteName("postBatchResumeToken");
            Serialize(writer, batch.ResumeToken);
        }

        writer.WriteInt64("id", batch.CursorId);
        writer.WriteString("ns", batch.Namespace);
        writer.WriteEndDocument();
    }

    private static void Serialize(BsonBinaryWriter writer, BsonDocument document) =>
        BsonDocumentSerializer.Instance.Serialize(BsonSerializationContext.CreateRoot(writer), document);
}
