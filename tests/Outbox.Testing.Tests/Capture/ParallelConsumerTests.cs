using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Versioning;

namespace Outbox.Testing.Tests.Capture;

/// <summary>What a consumer publishes, and in which order others get it.</summary>
public sealed class ParallelConsumerTests
{
    [Fact]
    public async Task Messages_that_a_consumer_publishes_in_parallel_are_all_captured()
    {
        await using var services = await StartAsync();
        var outbox = services.GetRequiredService<IOutbox>();

        await outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new Opened("shop"), "shop");
            return Task.CompletedTask;
        });

        var harness = services.GetRequiredService<OutboxHarness>();
        await harness.Published<Sold>(sold => sold.Number == 199);
        await harness.Settled();
        Assert.Equal(Enumerable.Range(0, 200), harness.All<Sold>().Select(x => x.Message.Number).Order());
    }

    [Fact]
    public async Task Counted_versions_of_an_entity_on_two_topics_in_sequence_are_all_consumed_in_their_order()
    {
        await using var services = await StartAsync();
        var outbox = services.GetRequiredService<IOutbox>();

        for (var n = 0; n < 20; n++)
        {
            await outbox.ExecuteAsync((tx, _) =>
            {
                if (n % 3 == 0)
                {
                    tx.Publish(new Noted(n), "e1");
                }
                else
                {
                    tx.Publish(new Booked(n), "e1");
                }

                return Task.CompletedTask;
            });
        }

        var ledger = services.GetRequiredService<Ledger>();
        await ledger.All.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, 20).Where(n => n % 3 == 0), ledger.Notes);
        Assert.Equal(Enumerable.Range(0, 20).Where(n => n % 3 != 0), ledger.Bookings);
    }

    private static async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection()
            .AddSingleton(new Ledger())
            .AddMassTransitTestHarness(x =>
            {
                x.SetTestTimeouts(testInactivityTimeout: TimeSpan.FromSeconds(20));
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
                    o.Topic("shops", t =>
                    {
                        t.Message<Opened>();
                        t.Message<Sold>();
                    });
                    o.Topic("bookings", t => InSequence<Booked>(t));
                    o.Topic("notes", t => InSequence<Noted>(t));
                    o.EntityOf<Sold>(sold => $"sale-{sold.Number}");
                });
                x.AddConsumer<Seller>();
                x.AddConsumer<Clerk>();
            })
            .BuildServiceProvider(true);
        await services.GetTestHarness().Start();
        return services;
    }

    private static void InSequence<T>(TopicConfigurator topic)
        where T : class
    {
        topic.EntityType = "account";
        topic.Ordering = MessageOrdering.Sequence;
        topic.Message<T>();
    }

    private sealed record Opened(string Shop);

    private sealed record Sold(int Number);

    private sealed record Booked(int Number);

    private sealed record Noted(int Number);

    private sealed class Seller : IConsumer<Opened>
    {
        public Task Consume(ConsumeContext<Opened> context) => Task.WhenAll(Enumerable.Range(0, 200).Select(async n =>
        {
            await Task.Delay(5, context.CancellationToken);
            await context.Publish(new Sold(n));
        }));
    }

    private sealed class Ledger
    {
        private readonly Lock _gate = new();

        public List<int> Bookings { get; } = [];

        public List<int> Notes { get; } = [];

        public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(List<int> to, int number)
        {
            lock (_gate)
            {
                to.Add(number);
                if (Bookings.Count + Notes.Count == 20)
                {
                    All.TrySetResult();
                }
            }
        }
    }

    private sealed class Clerk(Ledger ledger) : IConsumer<Booked>, IConsumer<Noted>
    {
        public Task Consume(ConsumeContext<Booked> context)
        {
            ledger.Add(ledger.Bookings, context.Message.Number);
            return Task.CompletedTask;
        }

        public Task Consume(ConsumeContext<Noted> context)
        {
            ledger.Add(ledger.Notes, context.Message.Number);
            return Task.CompletedTask;
        }
    }
}
