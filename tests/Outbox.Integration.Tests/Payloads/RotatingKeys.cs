using System.Collections.Concurrent;
using System.Security.Cryptography;
using Outbox.Payloads;

namespace Outbox.Integration.Tests.Payloads;

/// <summary>Keys as a vault has them, for one service; a key that another service has made is given to it.</summary>
internal sealed class RotatingKeys : IPayloadKeys
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new();

    public string Current { get; set; } = "";

    public volatile Exception? Fails;

    public static RotatingKeys With(string id)
    {
        var keys = new RotatingKeys();
        keys.Rotate(id);
        return keys;
    }

    public void Rotate(string id)
    {
        _keys[id] = RandomNumberGenerator.GetBytes(32);
        Current = id;
    }

    public void GiveTo(RotatingKeys others, string id) => others._keys[id] = _keys[id];

    public void Forget(string id) => _keys.TryRemove(id, out _);

    public ValueTask<string> CurrentAsync(string topic, CancellationToken cancellationToken) => Fails is null ? ValueTask.FromResult(Current) : throw Fails;

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string keyId, CancellationToken cancellationToken) =>
        Fails is null ? ValueTask.FromResult(_keys.TryGetValue(keyId, out var key) ? key : (ReadOnlyMemory<byte>?)null) : throw Fails;
}
