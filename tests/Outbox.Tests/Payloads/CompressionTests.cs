using System.Security.Cryptography;
using Outbox.Messages;
using Outbox.Payloads;

namespace Outbox.Tests.Payloads;

public sealed class CompressionTests
{
    [Fact]
    public async Task A_compressed_payload_is_smaller_and_comes_back_as_it_was()
    {
        var chain = Chains.Of(t => t.Compress());

        var prepared = await chain.PrepareAsync(Chains.Message(Chains.Large()), default);

        Assert.True(prepared.Encoded!.Value.Length < 1_000);
        Assert.Equal("zstd", prepared.Headers[MessageHeaders.PayloadEncoding]);
        var clear = await chain.ClearAsync(prepared, default);
        Assert.Equal(Chains.Large(), clear.Payload);
        Assert.DoesNotContain(MessageHeaders.PayloadEncoding, clear.Headers.Keys);
    }

    [Fact]
    public async Task What_is_small_or_does_not_become_smaller_is_left_as_it_is_and_no_header_says_otherwise()
    {
        var chain = Chains.Of(t => t.Compress());
        var noise = $"\"{Convert.ToBase64String(RandomNumberGenerator.GetBytes(300))}\"";

        foreach (var message in new[] { Chains.Message("""{"orderId":"o1"}"""), Chains.Message(noise) })
        {
            Assert.Same(message, await chain.PrepareAsync(message, default));
        }
    }

    [Fact]
    public async Task A_few_bytes_that_become_many_are_refused_before_they_have()
    {
        var bomb = await Chains.Of(t => t.Compress()).PrepareAsync(Chains.Message(Chains.Large(20_000_000)), default);
        Assert.True(bomb.Encoded!.Value.Length < 20_000);
        var reader = Chains.Of(_ => { }, p => p.Set(o => o.MaxBytes = 1_000_000));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = await Assert.ThrowsAsync<PayloadException>(async () => await reader.ClearAsync(bomb, default));

        Assert.Contains("Outbox:Payloads:MaxBytes", error.Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 10_000_000);
    }

    [Fact]
    public async Task What_is_not_zstd_or_was_changed_or_cut_is_refused_with_the_messages_id()
    {
        var chain = Chains.Of(t => t.Compress());
        var prepared = await chain.PrepareAsync(Chains.Message(Chains.Large()), default);
        var bytes = prepared.Encoded!.Value.ToArray();
        var flipped = bytes.ToArray();
        flipped[^1] ^= 1;

        foreach (var wrong in new[] { "plain"u8.ToArray(), flipped, bytes[..(bytes.Length / 2)] })
        {
            var error = await Assert.ThrowsAsync<PayloadException>(async () => await chain.ClearAsync(prepared with { Encoded = wrong }, default));
            Assert.Contains("m1", error.Message);
        }
    }
}
