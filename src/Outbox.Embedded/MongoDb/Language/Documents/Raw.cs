using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace Outbox.Embedded.MongoDb.Language.Documents;

/// Documents are kept as BSON bytes and decoded when someone looks inside.
internal static class Raw
{
    public const int MaxDocumentSize = 16 * 1024 * 1024;

    /// What came is what goes: the driver would turn binary data of the old subtype 2 into the new one.
    private static readonly BsonBinaryReaderSettings ReaderSettings = new() { FixOldBinarySubTypeOnInput = false };
    private static readonly BsonBinaryWriterSettings WriterSettings = new() { MaxSerializationDepth = 512, FixOldBinarySubTypeOnOutput = false };

    [ThreadStatic]
    private static MemoryStream? _scratch;

    public static BsonDocument Decode(byte[] bytes)
    {
        using var stream = new ByteBufferStream(new ByteArrayBuffer(bytes, isReadOnly: true));
        using var reader = new BsonBinaryReader(stream, ReaderSettings);
        return BsonDocumentSerializer.Instance.Deserialize(BsonDeserializationContext.CreateRoot(reader, static context => context.AllowDuplicateElementNames = true));
    }

    /// These fields of the document, without decoding the rest.
    public static BsonDocument Decode(byte[] bytes, IReadOnlySet<string> fields)
    {
        var document = new BsonDocument(allowDuplicateNames: true);
        if (fields.Count == 0)
        {
            return document;
        }

        using var stream = new ByteBufferStream(new ByteArrayBuffer(bytes, isReadOnly: true));
        using var reader = new BsonBinaryReader(stream, ReaderSettings);
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            var name = reader.ReadName();
            if (fields.Contains(name))
            {
                document.Add(name, BsonValueSerializer.Instance.Deserialize(BsonDeserializationContext.CreateRoot(reader, static context => context.AllowDuplicateElementNames = true)));
            }
            else
            {
                reader.SkipValue();
            }
        }

        return document;
    }

    /// The document's `_id`, without decoding the rest.
    public static BsonValue? Id(byte[] bytes)
    {
        using var stream = new ByteBufferStream(new ByteArrayBuffer(bytes, isReadOnly: true));
        using var reader = new BsonBinaryReader(stream, ReaderSettings);
        reader.ReadStartDocument();
        while (reader.ReadBsonType() != BsonType.EndOfDocument)
        {
            if (reader.ReadName() == "_id")
            {
                return BsonValueSerializer.Instance.Deserialize(BsonDeserializationContext.CreateRoot(reader));
            }

            reader.SkipValue();
        }

        return null;
    }

    public static byte[] Encode(BsonDocument document)
    {
        var stream = _scratch ??= new MemoryStream();
        stream.SetLength(0);
        Write(stream, document);
        var bytes = stream.ToArray();
        if (stream.Capacity > 1024 * 1024)
        {
            _scratch = null;
        }

        return bytes;
    }

    public static void Write(Stream stream, BsonDocument document)
    {
        using var writer = new BsonBinaryWriter(stream, WriterSettings);
        BsonDocumentSerializer.Instance.Serialize(BsonSerializationContext.CreateRoot(writer), document);
    }

    public static BsonBinaryWriter Writer(Stream stream) => new(stream, WriterSettings);
}
