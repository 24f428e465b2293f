using Microsoft.Extensions.DependencyInjection;
using Outbox.Messages;
using Outbox.Payloads;
using Outbox.Payloads.Applying;

namespace Outbox.Tests.Payloads;

public sealed class TransformTests
{
    [Fact]
    public async Task A_transform_of_the_users_takes_its_place_in_the_chain_and_brings_headers()
    {
        var chain = Chains.Of(
            t =>
            {
                t.Compress();
                t.Transform("reverse");
            },
            p => p.AddTransform<Reverse>());

        var prepared = await chain.PrepareAsync(Chains.Message(Chains.Large()), default);

        Assert.Equal(("zstd,reverse", "yes"), (prepared.Headers[MessageHeaders.PayloadEncoding], prepared.Headers["payload.reversed"]));
        Assert.Equal(Chains.Large(), (await chain.ClearAsync(prepared, default)).Payload);
    }

    [Fact]
    public async Task A_record_that_names_an_unknown_transform_is_refused_with_its_name()
    {
        var prepared = await Chains.Of(t => t.Transform("reverse"), p => p.AddTransform<Reverse>()).PrepareAsync(Chains.Message("1"), default);

        var error = await Assert.ThrowsAsync<PayloadException>(async () => await Chains.Of(_ => { }).ClearAsync(prepared, default));

        Assert.Contains("'reverse'", error.Message);
    }

    [Fact]
    public async Task A_relay_without_the_transform_that_a_message_was_captured_for_does_not_publish_it()
    {
        var message = Chains.Message("1") with { Transforms = "reverse" };

        var error = await Assert.ThrowsAsync<PayloadUnavailableException>(async () => await Chains.Of(_ => { }).PrepareAsync(message, default));

        Assert.Contains("'reverse'", error.Message);
    }

    [Fact]
    public async Task Nothing_is_allocated_for_a_batch_whose_payloads_go_through_nothing()
    {
        using var service = Chains.Service(_ => { });
        var preparation = service.GetRequiredService<PayloadPreparation>();
        OutboxMessage[] batch = [.. Enumerable.Repeat(Chains.Message("1"), 1_000)];
        await preparation.PrepareAsync(batch, TimeSpan.FromSeconds(1), default);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var prepared = preparation.PrepareAsync(batch, TimeSpan.FromSeconds(1), default);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(prepared.IsCompletedSuccessfully);
        Assert.Same(batch, (await prepared).Messages);
        Assert.Equal(0, allocated);
    }

    [Fact]
    public async Task One_topics_missing_key_fails_its_messages_as_a_place_and_leaves_the_others_alone()
    {
        var keys = new TestKeys { Fails = new TimeoutException("closed") };
        using var service = Chains.Service(t => t.Encrypt(), p => p.UseKeys(keys));

        var (messages, refused) = await service.GetRequiredService<PayloadPreparation>().PrepareAsync(
            [Chains.Message("1"), Chains.Message("2") with { Topic = "others" }, Chains.Message("3")], TimeSpan.FromSeconds(5), default);

        Assert.Equal(("PlaceFailed", "orders"), (refused![0]!.Value.Status.ToString(), refused[0]!.Value.Place!.Value.Topic));
        Assert.Null(refused[1]);
        Assert.Null(messages[1].Encoded);
        Assert.Equal("Held", refused[2]!.Value.Status.ToString());
    }

    private sealed class Reverse : IPayloadTransform
    {
        public string Name => "reverse";

        public ValueTask<ReadOnlyMemory<byte>?> ApplyAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken)
        {
            context.Headers["payload.reversed"] = "yes";
            return ValueTask.FromResult<ReadOnlyMemory<byte>?>(payload.ToArray().Reverse().ToArray());
        }

        public ValueTask<ReadOnlyMemory<byte>> UndoAsync(ReadOnlyMemory<byte> payload, PayloadContext context, CancellationToken cancellationToken) =>
            ValueTask.FromResult<ReadOnlyMemory<byte>>(payload.ToArray().Reverse().ToArray());
    }
}
