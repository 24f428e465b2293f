using System.Buffers.Binary;
using System.Net.Sockets;

namespace Outbox.Embedded.MongoDb.Protocol;

/// Cuts a connection's bytes into messages. Memory grows with what has arrived, not with what a length promises.
internal sealed class MessageReader(Socket socket)
{
    public const int MaxMessageSize = 48_000_000;
    private const int UsualSize = 16 * 1024;

    private byte[] _buffer = new byte[UsualSize];
    private int _start;
    private int _end;

    /// The next message whole, valid until the next call; empty when the client has gone.
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
    {
        Settle();
        if (!await FillAsync(16, cancellation).ConfigureAwait(false))
        {
            return default;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (length is < 16 or > MaxMessageSize)
        {
            throw new ProtocolException($"A message of {length} bytes: a message has 16 to {MaxMessageSize}");
        }

        if (!await FillAsync(length, cancellation).ConfigureAwait(false))
        {
            return default;
        }

        var message = _buffer.AsMemory(_start, length);
        _start += length;
        return message;
    }

    private async ValueTask<bool> FillAsync(int count, CancellationToken cancellation)
    {
        while (_end - _start < count)
        {
            Reserve();
            var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancellation).ConfigureAwait(false);
            if (received == 0)
            {
                return false;
            }

            _end += received;
        }

        return true;
    }

    private void Settle()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_buffer.Length > 1024 * 1024)
            {
                _buffer = new byte[UsualSize];
            }
        }
    }

    private void Reserve()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        var kept = _end - _start;
        var next = kept > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, next, 0, kept);
        _buffer = next;

        _start = 0;
        _end = kept;
    }
}
