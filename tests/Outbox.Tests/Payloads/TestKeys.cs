using System.Security.Cryptography;
using Outbox.Payloads;

namespace Outbox.Tests.Payloads;

/// <summary>Keys that a test adds, rotates, destroys and takes out of reach.</summary>
internal sealed class TestKeys : IPayloadKeys
{
    private readonly Dictionary<string, byte[]> _keys = [];

    public TestKeys() => Rotate("k1");

    public string Current { get; private set; } = "";

    public Exception? Fails { get; set; }

    public void Rotate(string id) => _keys[Current = id] = RandomNumberGenerator.GetBytes(32);

    public void Forget(string id) => _keys.Remove(id);

    public ValueTask<string> CurrentAsync(string topic, CancellationToken cancellationToken) => Fails is null ? ValueTask.FromResult(Current) : throw Fails;

    public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string keyId, CancellationToken cancellationToken) =>
        Fails is null ? ValueTask.FromResult(_keys.TryGetValue(keyId, out var key) ? key : (ReadOnlyMemory<byte>?)null) : throw Fails;
}
