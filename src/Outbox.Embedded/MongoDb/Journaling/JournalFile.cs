using System.Buffers.Binary;
using MongoDB.Bson;
using Outbox.Embedded.MongoDb.Language.Documents;

namespace Outbox.Embedded.MongoDb.Journaling;

/// Entries one after the other: length, length inverted, checksum, BSON. What is written is in the operating system's hands
/// before the write is answered: it survives the end of this process, at any moment.
internal sealed class JournalFile : IDisposable
{
    private const int HeaderSize = 12;
    private readonly FileStream _file;

    private JournalFile(FileStream file) => _file = file;

    private static ReadOnlySpan<byte> Magic => "OUTBOXJ1"u8;

    public long Position => _file.Position;

    public static JournalFile Open(string directory)
    {
        var path = Path.Combine(Directory.CreateDirectory(directory).FullName, "journal");
        try
        {
            return new JournalFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException error)
        {
            throw new InvalidOperationException($"The journal {path} cannot be opened: {error.Message} Is another server running on this directory?", error);
        }
    }

    /// Every entry of an earlier run. A last entry that was not written whole is cut off; any other damage is an error.
    public IEnumerable<BsonDocument> ReadAll()
    {
        if (_file.Length < Magic.Length)
        {
            _file.SetLength(0);
            _file.Write(Magic);
            yield break;
        }

        CheckMagic();
        var header = new byte[HeaderSize];
        while (true)
        {
            var start = _file.Position;
            if (ReadEntry(header) is not { } entry)
            {
                _file.SetLength(start);
                _file.Position = start;
                yield break;
            }

            yield return Raw.Decode(entry);
        }
    }

    public void Append(BsonDocument entry)
    {
        var bson = Raw.Encode(entry);
        var bytes = new byte[HeaderSize + bson.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bson.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), ~bson.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Crc32.Of(bson));
        bson.CopyTo(bytes, HeaderSize);
        _file.Write(bytes);
    }

    public void CutAt(long position)
    {
        _file.SetLength(position);
        _file.Position = position;
    }

    public void Dispose()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    /// Null at the end of the file, and where the last entry is torn.
    private byte[]? ReadEntry(byte[] header)
    {
        var start = _file.Position;
        if (_file.Length - start < HeaderSize)
        {
            return null;
        }

        _file.ReadExactly(header);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length != ~BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(4)) || length < 5)
        {
            throw Damaged(start, "its header is not one");
        }

        if (_file.Length - _file.Position < length)
        {
            return null;
        }

        var bson = new byte[length];
        _file.ReadExactly(bson);
        if (Crc32.Of(bson) == BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(8)))
        {
            return bson;
        }

        return _file.Position == _file.Length ? null : throw Damaged(start, "its checksum is wrong, and it is not the last");
    }

    private void CheckMagic()
    {
        var magic = new byte[Magic.Length];
        _file.Position = 0;
        _file.ReadExactly(magic);
        if (!magic.AsSpan().SequenceEqual(Magic))
        {
            throw new InvalidOperationException($"{_file.Name} is not a journal of this server. Choose another data directory, or remove the file.");
        }
    }

    private InvalidOperationException Damaged(long position, string how) =>
        new($"The journal {_file.Name} is damaged: the entry at byte {position} cannot be read, {how}. Restore the file, or remove it to start empty.");
}
