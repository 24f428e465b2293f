using System.Buffers.Binary;
using System.Net.Sockets;
using MongoDB.Bson;

namespace Outbox.Embedded.Tests.MongoDb.Faults;

/// A connection that can send anything, also what no driver would.
internal sealed class RawClient(int port) : IDisposable
{
    private readonly TcpClient _client = new("127.0.0.1", port) { NoDelay = true };

    public Socket Socket => _client.Client;

    public static byte[] Message(ReadOnlySpan<byte> body, int code = 2013, int? length = null)
    {
        var message = new byte[16 + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, length ?? message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), 7);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), code);
        body.CopyTo(message.AsSpan(16));
        return message;
    }

    public static byte[] Command(byte[] bson) => Message([0, 0, 0, 0, 0, .. bson]);

    public static byte[] Command(string json) => Command(BsonDocument.Parse(json).ToBson());

    public async Task SendAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes);

    /// The next answer, or null when the server closed the connection.
    public async Task<BsonDocument?> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            var header = new byte[16];
            await _client.GetStream().ReadExactlyAsync(header, deadline.Token);
            var rest = new byte[BinaryPrimitives.ReadInt32LittleEndian(header) - 16];
            await _client.GetStream().ReadExactlyAsync(rest, deadline.Token);
            var body = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(12)) == 1 ? 20 : 5;
            return MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(rest[body..]);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
