using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MongoDB.Bson;

namespace Outbox.Embedded.MongoDb.Indexing;

/// Turns index keys into bytes whose plain byte order is MongoDB's order of values, so that an index compares keys without decoding them.
/// No component ends in a way that lets 0xFF follow it: a prefix with 0xFF appended is above every key that begins with the prefix.
internal static class KeyEncoder
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    public static byte[] Encode(ReadOnlySpan<BsonValue> values, IReadOnlyList<(string Path, int Direction)> keys)
    {
        var output = _scratch ??= new ArrayBufferWriter<byte>(256);
        output.ResetWrittenCount();
        for (var i = 0; i < values.Length; i++)
        {
            AppendDirected(output, values[i], keys[i].Direction);
        }

        return output.WrittenSpan.ToArray();
    }

    public static byte[] Append(byte[] prefix, BsonValue value, int direction)
    {
        var output = new ArrayBufferWriter<byte>(prefix.Length + 32);
        output.Write(prefix);
        AppendDirected(output, value, direction);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] After(byte[] prefix)
    {
        var bytes = new byte[prefix.Length + 1];
        prefix.CopyTo(bytes, 0);
        bytes[^1] = 0xFF;
        return bytes;
    }

    private static void AppendDirected(ArrayBufferWriter<byte> output, BsonValue value, int direction)
    {
        if (direction >= 0)
        {
            AppendValue(output, value);
            return;
        }

        var inner = new ArrayBufferWriter<byte>(32);
        AppendValue(inner, value);
        var span = output.GetSpan(inner.WrittenCount);
        for (var i = 0; i < inner.WrittenCount; i++)
        {
            span[i] = (byte)~inner.WrittenSpan[i];
        }

        output.Advance(inner.WrittenCount);
    }

    private static void AppendValue(ArrayBufferWriter<byte> output, BsonValue value)
    {
        Byte(output, TypeClass(value.BsonType));
        AppendBody(output, value);
    }

    private static byte TypeClass(BsonType type) => type switch
    {
        BsonType.MinKey => 0x10,
        BsonType.Undefined => 0x18,
        BsonType.Null => 0x20,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128 => 0x30,
        BsonType.String or BsonType.Symbol => 0x3C,
        BsonType.Document => 0x46,
        BsonType.Array => 0x50,
        BsonType.Binary => 0x5A,
        BsonType.ObjectId => 0x64,
        BsonType.Boolean => 0x6E,
        BsonType.DateTime => 0x78,
        BsonType.Timestamp => 0x82,
        BsonType.RegularExpression => 0x8C,
        BsonType.JavaScript => 0xA0,
        BsonType.JavaScriptWithScope => 0xAA,
        _ => 0xF0,
    };

    private static void AppendBody(ArrayBufferWriter<byte> output, BsonValue value)
    {
        switch (value.BsonType)
        {
            case BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128:
                NumberEncoder.Append(output, value);
                break;
            case BsonType.String or BsonType.Symbol:
                Text(output, value.IsString ? value.AsString : value.AsBsonSymbol.Name);
                break;
            case BsonType.Document:
                Fields(output, value.AsBsonDocument);
                break;
            case BsonType.Array:
                foreach (var item in value.AsBsonArray)
                {
                    AppendValue(output, item);
                }

                Byte(output, 0);
                break;
            case BsonType.Binary:
                Binary(output, value.AsBsonBinaryData);
                break;
            case BsonType.ObjectId:
                output.Write(value.AsObjectId.ToByteArray());
                break;
            case BsonType.Boolean:
                Byte(output, value.AsBoolean ? (byte)1 : (byte)0);
                break;
            case BsonType.DateTime:
                UInt64(output, (ulong)value.AsBsonDateTime.MillisecondsSinceEpoch ^ (1UL << 63));
                break;
            case BsonType.Timestamp:
                UInt64(output, (ulong)value.AsBsonTimestamp.Value);
                break;
            case BsonType.RegularExpression:
                Text(output, value.AsBsonRegularExpression.Pattern);
                Text(output, value.AsBsonRegularExpression.Options);
                break;
            case BsonType.JavaScript:
                Text(output, value.AsBsonJavaScript.Code);
                break;
            case BsonType.JavaScriptWithScope:
                Text(output, value.AsBsonJavaScriptWithScope.Code);
                Fields(output, value.AsBsonJavaScriptWithScope.Scope);
                break;
        }
    }

    private static void Fields(ArrayBufferWriter<byte> output, BsonDocument document)
    {
        foreach (var element in document)
        {
            Byte(output, TypeClass(element.Value.BsonType));
            Text(output, element.Name);
            AppendBody(output, element.Value);
        }

        Byte(output, 0);
    }

    private static void Binary(ArrayBufferWriter<byte> output, BsonBinaryData data)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(4), data.Bytes.Length);
        output.Advance(4);
        Byte(output, (byte)data.SubType);
        output.Write(data.Bytes);
    }

    private static void Text(ArrayBufferWriter<byte> output, string text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length) + 1);
        var count = Encoding.UTF8.GetBytes(text, span);
        if (!span[..count].Contains((byte)0))
        {
            span[count] = 0;
            output.Advance(count + 1);
            return;
        }

        foreach (var b in span[..count].ToArray())
        {
            Byte(output, b);
            if (b == 0)
            {
                Byte(output, 0xFF);
            }
        }

        Byte(output, 0);
    }

    internal static void Byte(ArrayBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    internal static void UInt64(ArrayBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(output.GetSpan(8), value);
        output.Advance(8);
    }
}
