using System.Security.Cryptography;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Payloads;

namespace Outbox.Testing.Tests.Harness;

/// <summary>In memory, payloads go through what they go through on Kafka.</summary>
public sealed class PayloadTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public async Task What_is_compressed_encrypted_and_claimed_reaches_consumers_and_the_harness_as_it_was(int length)
    {
        var keys = new OneKey();
        await using var services = new ServiceCollection()
            .AddMassTransitTestHarness(x =>
            {
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
                    o.Topic("orders", t =>
                    {
                        t.Message<OrderPlaced>();
                        t.Compress();
                        t.Encrypt();
                        t.ClaimCheck(c => c.AboveBytes = 1_000);
                    });
                    o.Payloads(p => p.UseKeys(keys));
                });
                x.AddHandler((OrderPlaced _) => Task.CompletedTask);
            })
            .BuildServiceProvider(true);
        var harness = services.GetTestHarness();
        await harness.Start();
        var order = new string('o', length);

        await services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced(order, 1), "o1");
            return Task.CompletedTask;
        });

        Assert.True(await harness.Consumed.Any<OrderPlaced>(x => x.Context.Message.OrderId == order));
        var published = await services.GetRequiredService<OutboxHarness>().Published<OrderPlaced>(x => x.OrderId == order);
        Assert.Equal("o1", published.EntityId);
        Assert.True(keys.Asked > 0);
    }

    private sealed class OneKey : IPayloadKeys
    {
        private readonly byte[] _key = RandomNumberGenerator.GetBytes(16);
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public ValueTask<string> CurrentAsync(string topic, CancellationToken cancellationToken) => ValueTask.FromResult("k");

        public ValueTask<ReadOnlyMemory<byte>?> FindAsync(string keyId, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return ValueTask.FromResult<ReadOnlyMemory<byte>?>(_key);
        }
    }
}
