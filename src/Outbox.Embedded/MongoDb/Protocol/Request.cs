using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Protocol;

/// One request, taken apart: OP_MSG, or the OP_QUERY with which old and new drivers say hello.
internal sealed class Request
{
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const uint ChecksumPresent = 1;
    private const uint MoreToCome = 2;
    private const uint ExhaustAllowed = 1 << 16;

    public required int Id { get; init; }

    public bool Legacy { get; init; }

    /// The client does not wait for an answer.
    public bool Unacknowledged { get; private set; }

    public bool Exhaust { get; private set; }

    public BsonDocument Command { get; private set; } = [];

    public Dictionary<string, List<byte[]>> Sequences { get; } = [];

    /// Fails with a ProtocolException when the frame is wrong, and leaves the documents to `Decode`.
    public static Request Open(ReadOnlyMemory<byte> message)
    {
        var span = message.Span;
        var code = BinaryPrimitives.ReadInt32LittleEndian(span[12..]);
        if (code is not (OpMsg or OpQuery))
        {
            throw new ProtocolException($"Opcode {code}: this server understands OP_MSG ({OpMsg}), and OP_QUERY ({OpQuery}) for the handshake");
        }

        var request = new Request { Id = BinaryPrimitives.ReadInt32LittleEndian(span[4..]), Legacy = code == OpQuery };
        if (code == OpMsg)
        {
            if (span.Length < 26)
            {
                throw new ProtocolException("An OP_MSG without a body");
            }

            var flags = BinaryPrimitives.ReadUInt32LittleEndian(span[16..]);
            if ((flags & 0xFFFF & ~(ChecksumPresent | MoreToCome)) != 0)
            {
                throw new ProtocolException($"OP_MSG has unknown required flags 0x{flags:x}");
            }

            request.Unacknowledged = (flags & MoreToCome) != 0;
            request.Exhaust = (flags & ExhaustAllowed) != 0;
        }

        return request;
    }

    public void Decode(ReadOnlyMemory<byte> message)
    {
        var span = message.Span;
        if (Legacy)
        {
            DecodeQuery(span[16..]);
            return;
        }

        if ((BinaryPrimitives.ReadUInt32LittleEndian(span[16..]) & ChecksumPresent) != 0)
        {
            if (Crc32C(span[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(span[^4..]))
            {
                throw new ProtocolException("OP_MSG checksum does not match its contents");
            }

            span = span[..^4];
        }

        DecodeSections(span[20..]);
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    private static string Name(ReadOnlySpan<byte> bytes, out int length)
    {
        var end = bytes.IndexOf((byte)0);
        if (end < 0)
        {
            throw new ProtocolException("A name that does not end");
        }

        length = end + 1;
        return Encoding.UTF8.GetString(bytes[..end]);
    }

    private void DecodeSections(ReadOnlySpan<byte> rest)
    {
        var bodies = 0;
        while (rest.Length > 0)
        {
            var kind = rest[0];
            rest = rest[1..];
            if (kind == 0)
            {
                bodies++;
                var length = BsonGuard.Check(rest);
                Command = Raw.Decode(rest[..length].ToArray());
                rest = rest[length..];
            }
            else if (kind == 1)
            {
                var length = rest.Length < 5 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(rest);
                if (length < 5 || length > rest.Length)
                {
                    throw new ProtocolException($"A document sequence of {length} bytes where {rest.Length} are left");
                }

                DecodeSequence(rest[4..length]);
                rest = rest[length..];
            }
            else
            {
                throw new ProtocolException($"Unknown OP_MSG section kind {kind}");
            }
        }

        if (bodies != 1 || Command.ElementCount == 0)
        {
            throw new ProtocolException("An OP_MSG has exactly one body, which names a command");
        }
    }

    private void DecodeSequence(ReadOnlySpan<byte> bytes)
    {
        var name = Name(bytes, out var used);
        var documents = new List<byte[]>();
        for (var rest = bytes[used..]; rest.Length > 0; rest = rest[documents[^1].Length..])
        {
            documents.Add(rest[..BsonGuard.Check(rest)].ToArray());
        }

        if (!Sequences.TryAdd(name, documents))
        {
            throw new ProtocolException($"Two document sequences are called '{name}'");
        }
    }

    private void DecodeQuery(ReadOnlySpan<byte> rest)
    {
        if (rest.Length < 18)
        {
            throw new ProtocolException("An OP_QUERY cut off");
        }

        var name = Name(rest[4..], out var used);
        var document = rest[Math.Min(rest.Length, 4 + used + 8)..];
        Command = Raw.Decode(document[..BsonGuard.Check(document)].ToArray());
        if (!name.EndsWith(".$cmd", StringComparison.Ordinal) || Command.ElementCount == 0)
        {
            throw new ProtocolException("OP_QUERY is understood for the handshake only");
        }

        Command["$db"] = name[..^5];
    }
}
