using Outbox.Messages;
using Outbox.Payloads;

namespace Outbox.Tests.Payloads;

public sealed class EncryptionTests
{
    private readonly TestKeys _keys = new();

    private static readonly Dictionary<string, Func<OutboxMessage, OutboxMessage>> Swaps = new()
    {
        ["messageId"] = m => m with { MessageId = "m2" },
        ["type"] = m => m with { Type = "cancelled" },
        ["entityType"] = m => m with { EntityType = "customer" },
        ["entityId"] = m => m with { EntityId = "o2" },
        ["version"] = m => m with { Version = 4 },
        ["schemaVersion"] = m => m with { SchemaVersion = 2 },
        ["nonce"] = m => m with { Encoded = Flip(m, 0) },
        ["ciphertext"] = m => m with { Encoded = Flip(m, 13) },
        ["tag"] = m => m with { Encoded = Flip(m, ^1) },
        ["length"] = m => m with { Encoded = m.Encoded!.Value[..20] },
        ["encoding"] = m => m with { Headers = new Dictionary<string, string>(m.Headers) { [MessageHeaders.PayloadEncoding] = "aes-gcm" } },
    };

    public static TheoryData<string> Changes => [.. Swaps.Keys];

    [Fact]
    public async Task An_encrypted_payload_says_its_key_and_nothing_else_and_comes_back_as_it_was()
    {
        var chain = Chain(t => t.Encrypt());

        var first = await chain.PrepareAsync(Chains.Message("""{"orderId":"secret"}"""), default);
        var second = await chain.PrepareAsync(Chains.Message("""{"orderId":"secret"}"""), default);

        Assert.Equal(("aes-gcm", "k1"), (first.Headers[MessageHeaders.PayloadEncoding], first.Headers[MessageHeaders.PayloadKey]));
        Assert.Equal(-1, first.Encoded!.Value.Span.IndexOf("secret"u8));
        Assert.False(first.Encoded.Value.Span.SequenceEqual(second.Encoded!.Value.Span));
        Assert.Equal("""{"orderId":"secret"}""", (await chain.ClearAsync(first, default)).Payload);
    }

    [Fact]
    public async Task After_a_rotation_new_messages_have_the_new_key_and_old_ones_are_still_read()
    {
        var chain = Chain(t => t.Encrypt());
        var old = await chain.PrepareAsync(Chains.Message("1"), default);

        _keys.Rotate("k2");
        var next = await chain.PrepareAsync(Chains.Message("2"), default);

        Assert.Equal(("k1", "k2"), (old.Headers[MessageHeaders.PayloadKey], next.Headers[MessageHeaders.PayloadKey]));
        Assert.Equal("1", (await chain.ClearAsync(old, default)).Payload);
        Assert.Equal("2", (await chain.ClearAsync(next, default)).Payload);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_was_tampered_with_is_refused(string change)
    {
        var chain = Chain(t =>
        {
            t.Compress();
            t.Encrypt();
        });
        var prepared = await chain.PrepareAsync(Chains.Message(Chains.Large()), default);

        var error = await Assert.ThrowsAsync<PayloadException>(async () => await chain.ClearAsync(Swaps[change](prepared), default));

        Assert.True(error.Message.Contains("cannot be decrypted with key 'k1'", StringComparison.Ordinal) || error.Message.Contains("too few for what is encrypted", StringComparison.Ordinal), error.Message);
    }

    [Fact]
    public async Task Another_key_of_the_same_id_is_told_from_one_that_is_not_there()
    {
        var chain = Chain(t => t.Encrypt());
        var prepared = await chain.PrepareAsync(Chains.Message("1"), default);

        _keys.Rotate("k1");
        var wrong = await Assert.ThrowsAsync<PayloadException>(async () => await chain.ClearAsync(prepared, default));
        _keys.Forget("k1");
        var missing = await Assert.ThrowsAsync<PayloadUnavailableException>(async () => await chain.ClearAsync(prepared, default));

        Assert.Contains("'k1'", wrong.Message);
        Assert.Equal("k1", missing.UnknownKey);
    }

    [Fact]
    public async Task Keys_that_do_not_answer_are_nobodys_fault()
    {
        var chain = Chain(t => t.Encrypt());
        var prepared = await chain.PrepareAsync(Chains.Message("1"), default);
        _keys.Fails = new TimeoutException("the vault is closed");

        var writing = await Assert.ThrowsAsync<PayloadUnavailableException>(async () => await chain.PrepareAsync(Chains.Message("1"), default));
        var reading = await Assert.ThrowsAsync<PayloadUnavailableException>(async () => await chain.ClearAsync(prepared, default));

        Assert.Equal((null, null), (writing.UnknownKey, reading.UnknownKey));
        Assert.Contains("the vault is closed", reading.Message);
    }

    private static ReadOnlyMemory<byte> Flip(OutboxMessage message, Index at)
    {
        var bytes = message.Encoded!.Value.ToArray();
        bytes[at] ^= 1;
        return bytes;
    }

    private Outbox.Payloads.Chain.PayloadChain Chain(Action<TopicConfigurator> topic) => Chains.Of(topic, p => p.UseKeys(_keys));
}
