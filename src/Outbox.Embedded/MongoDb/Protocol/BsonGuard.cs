using System.Buffers.Binary;
using System.Text.Unicode;
using Outbox.Embedded.MongoDb.Errors;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Protocol;

/// Checks untrusted BSON before anything decodes it: lengths, types, text and nesting.
internal static class BsonGuard
{
    public const int MaxDepth = 200;
    private const int MaxSize = Raw.MaxDocumentSize + (16 * 1024);

    /// The length of the document that the bytes begin with.
    public static int Check(ReadOnlySpan<byte> bytes)
    {
        var length = Length(bytes, 5);
        if (length > MaxSize)
        {
            throw new MongoError(10334, "BSONObjectTooLarge", $"BSONObj size: {length} is invalid. Size must be between 0 and {MaxSize}");
        }

        Document(bytes[..length], 1);
        return length;
    }

    private static void Document(ReadOnlySpan<byte> document, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new MongoError(15, "Overflow", $"BSONObj exceeded maximum nested object depth: {MaxDepth}");
        }

        if (document[^1] != 0)
        {
            throw Invalid("a document does not end with a zero byte");
        }

        var at = 4;
        while (at < document.Length - 1)
        {
            var type = document[at++];
            at += CString(document[at..^1]);
            var rest = document[at..^1];
            at += type is 0x03 or 0x04 ? Nested(rest, depth) : ValueLength(type, rest);
            if (at > document.Length - 1)
            {
                throw Invalid("a value runs over the end of its document");
            }
        }
    }

    private static int Nested(ReadOnlySpan<byte> rest, int depth)
    {
        var length = Length(rest, 5);
        Document(rest[..length], depth + 1);
        return length;
    }

    private static int ValueLength(byte type, ReadOnlySpan<byte> rest) => type switch
    {
        0x01 or 0x09 or 0x11 or 0x12 => 8,
        0x02 or 0x0D or 0x0E => Text(rest),
        0x05 => Binary(rest),
        0x06 or 0x0A or 0x7F or 0xFF => 0,
        0x07 => 12,
        0x08 => Flag(rest),
        0x0B => Regex(rest),
        0x0C => Text(rest) + 12,
        0x0F => CodeWithScope(rest),
        0x10 => 4,
        0x13 => 16,
        _ => throw Invalid($"unknown type 0x{type:x2}"),
    };

    private static int Regex(ReadOnlySpan<byte> rest)
    {
        var pattern = CString(rest);
        return pattern + CString(rest[pattern..]);
    }

    private static int CodeWithScope(ReadOnlySpan<byte> rest)
    {
        var length = Length(rest, 14);
        var text = Text(rest[4..length]);
        var scope = rest[(4 + text)..length];
        if (Length(scope, 5) != scope.Length)
        {
            throw Invalid("a scope of the wrong length");
        }

        Document(scope, MaxDepth - 1);
        return length;
    }

    private static int Flag(ReadOnlySpan<byte> rest) => rest.Length > 0 && rest[0] <= 1 ? 1 : throw Invalid("a boolean that is neither 0 nor 1");

    private static int Binary(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 5)
        {
            throw Invalid("binary data cut off");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (length < 0 || length > rest.Length - 5 || (rest[4] == 2 && (length < 4 || BinaryPrimitives.ReadInt32LittleEndian(rest[5..]) != length - 4)))
        {
            throw Invalid($"binary data of {length} bytes where {rest.Length} are left");
        }

        if (rest[4] is 3 or 4 && length != 16)
        {
            throw Invalid($"a UUID of {length} bytes");
        }

        return length + 5;
    }

    private static int Text(ReadOnlySpan<byte> rest)
    {
        var length = rest.Length < 5 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest);
        if (length < 1 || length > rest.Length - 4 || rest[3 + length] != 0)
        {
            throw Invalid($"a string of {length} bytes where {rest.Length} are left");
        }

        return Utf8.IsValid(rest.Slice(4, length - 1)) ? length + 4 : throw Invalid("a string that is not UTF-8");
    }

    private static int CString(ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)0);
        if (end < 0 || !Utf8.IsValid(rest[..end]))
        {
            throw Invalid("a name that does not end, or is not UTF-8");
        }

        return end + 1;
    }

    private static int Length(ReadOnlySpan<byte> bytes, int least)
    {
        var length = bytes.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length >= least && length <= bytes.Length ? length : throw Invalid($"a length of {length} where {bytes.Length} bytes are left");
    }

    private static MongoError Invalid(string what) => new(22, "InvalidBSON", $"Invalid BSON: {what}");
}
