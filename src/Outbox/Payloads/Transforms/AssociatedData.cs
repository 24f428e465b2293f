using System.Buffers.Binary;
using System.Text;

namespace Outbox.Payloads.Transforms;

/// <summary>What a ciphertext is bound to: each part with its length before it, so that no two messages have the same.</summary>
internal static class AssociatedData
{
    private const string Format = "outbox.payload.1";

    public static byte[] Of(PayloadContext context, string keyId)
    {
        string[] texts = [Format, context.Encoding, keyId, context.MessageId, context.Type, context.EntityType, context.EntityId];
        var data = new byte[texts.Sum(text => sizeof(int) + Encoding.UTF8.GetByteCount(text)) + sizeof(long) + sizeof(int)];
        var left = data.AsSpan();
        foreach (var text in texts)
        {
            var length = Encoding.UTF8.GetBytes(text, left[sizeof(int)..]);
            BinaryPrimitives.WriteInt32BigEndian(left, length);
            left = left[(sizeof(int) + length)..];
        }

        BinaryPrimitives.WriteInt64BigEndian(left, context.Version);
        BinaryPrimitives.WriteInt32BigEndian(left[sizeof(long)..], context.SchemaVersion);
        return data;
    }
}
