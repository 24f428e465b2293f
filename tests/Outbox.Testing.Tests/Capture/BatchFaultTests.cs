using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>Batches on a bus: a message that cannot be processed is the only one with a fault.</summary>
public sealed class BatchFaultTests
{
    [Fact]
    public async Task G5_of_a_batch_with_a_poisonous_message_that_one_faults_and_the_others_take_effect()
    {
        await using var services = new ServiceCollection()
            .AddMassTransitTestHarness(x =>
            {
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
                    o.Topic("orders", t => t.Message<OrderPlaced>());
                    o.Topic("stock", t => t.Message<StockReserved>());
                    o.EntityOf<StockReserved>(m => m.OrderId);
                });
                x.AddConsumer<BatchConsumer>(c => c.Options<BatchOptions>(b => b.SetMessageLimit(4).SetTimeLimit(TimeSpan.FromMilliseconds(500))));
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
            })
            .BuildServiceProvider(true);
        var harness = services.GetTestHarness();
        await harness.Start();

        await services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
        {
            for (var n = 1; n <= 4; n++)
            {
                tx.Publish(new OrderPlaced($"o{n}", Quantity: n == 3 ? 13 : 1), $"o{n}", 1);
            }

            return Task.CompletedTask;
        });

        var outbox = services.GetRequiredService<OutboxHarness>();
        foreach (var order in new[] { "o1", "o2", "o4" })
        {
            await outbox.Published<StockReserved>(x => x.OrderId == order);
        }

        Assert.True(await harness.Published.Any<Fault<OrderPlaced>>());
        await outbox.Settled();
        Assert.Equal(3, outbox.All<StockReserved>().Count);
        Assert.Equal(["o3"], harness.Published.Select<Fault<OrderPlaced>>(new CancellationToken(canceled: true)).Select(x => x.Context.Message.Message.OrderId));
    }

    private sealed class BatchConsumer : IConsumer<Batch<OrderPlaced>>
    {
        public async Task Consume(ConsumeContext<Batch<OrderPlaced>> context)
        {
            foreach (var order in context.Message)
            {
                await context.Publish(new StockReserved(order.Message.OrderId));
            }

            if (context.Message.Any(order => order.Message.Quantity == 13))
            {
                throw new InvalidTimeZoneException();
            }
        }
    }
}
