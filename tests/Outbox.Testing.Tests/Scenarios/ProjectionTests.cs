using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.Capture;
using Outbox.History.Projecting;
using Outbox.Testing.Projections;
using static Outbox.Testing.Scenario;

namespace Outbox.Testing.Tests.Scenarios;

/// <summary>Projections, by themselves and in memory.</summary>
public sealed class ProjectionTests
{
    private static int _folds;

    // docs
    [Fact]
    public void A_projection_that_is_a_function_of_its_events_passes() =>
        RebuildEqualsLive<CartList>(new CartOpened("c1"), new CartFilled("c1", "bread"), new CartFilled("c1", "milk"), new Ignored(), new CartPaid("c1"));

    // end

    [Fact]
    public void A_fold_that_asks_what_the_events_do_not_say_is_found()
    {
        var error = Assert.Throws<ScenarioException>(() => RebuildEqualsLive<Counting>(new CartOpened("c1"), new CartFilled("c1", "bread")));

        Assert.Contains("asks nobody else", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fold_that_changes_the_row_that_it_is_given_is_found()
    {
        var error = Assert.Throws<ScenarioException>(() => RebuildEqualsLive<Changing>(new CartOpened("c1"), new CartFilled("c1", "bread")));

        Assert.Contains("changes the row that it is given", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_cannot_be_stored_whole_is_found()
    {
        var error = Assert.Throws<ScenarioException>(() => RebuildEqualsLive<Forgetful>(new CartOpened("c1"), new CartFilled("c1", "bread")));

        Assert.Contains("another row", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_under_another_id_than_its_entitys_and_a_fold_that_fails_are_found()
    {
        var other = Assert.Throws<ScenarioException>(() => RebuildEqualsLive<Wandering>(new CartOpened("c1"), new CartFilled("c1", "bread")));
        var failing = Assert.Throws<ScenarioException>(() => RebuildEqualsLive<CartList>(new CartFilled("c1", "bread")));

        Assert.Contains("set its id to the entity id", other.Message, StringComparison.Ordinal);
        Assert.Contains("CartFilled", failing.Message, StringComparison.Ordinal);
    }

    // docs
    [Fact]
    public async Task A_read_model_in_memory_follows_what_is_published_and_a_writer_waits_for_its_own()
    {
        using var host = await StartAsync();
        var rows = host.Services.GetRequiredService<IReadModel<CartRow>>();

        await PublishAsync(host, "c1", new CartOpened("c1"), new CartFilled("c1", "bread"));
        await PublishAsync(host, "c2", new CartOpened("c2"));
        await rows.WaitForAsync("c1", 2).WaitAsync(TimeSpan.FromSeconds(60));
        await rows.WaitForAsync("c2", 1).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("bread", (await rows.FindAsync("c1"))!.Items);
        Assert.Equal(["c1", "c2"], rows.AllInMemory().Select(row => row.Id));
        await host.StopAsync();
    }

    // end

    [Fact]
    public async Task In_memory_who_waits_for_an_event_that_cannot_be_projected_is_told_why()
    {
        using var host = await StartAsync();
        var rows = host.Services.GetRequiredService<IReadModel<CartRow>>();

        await PublishAsync(host, "c1", new CartFilled("c1", "bread"), new CartPaid("c1"));
        var error = await Assert.ThrowsAsync<OutboxException>(() => rows.WaitForAsync("c1", 2).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("version 1 of entity 'c1'", error.Message, StringComparison.Ordinal);
        await host.StopAsync();
    }

    private static async Task<IHost> StartAsync()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddOutbox(o =>
        {
            o.UseInMemory();
            o.Topic("carts", t =>
            {
                t.Ordering = Versioning.MessageOrdering.Sequence;
                t.Message<CartOpened>();
                t.Message<CartFilled>();
                t.Message<CartPaid>();
            });
            o.Projection<CartList>();
        });
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static Task PublishAsync(IHost host, string cart, params object[] events) => host.Services.GetRequiredService<IOutbox>().ExecuteAsync((tx, _) =>
    {
        foreach (var @event in events)
        {
            tx.Publish(@event, cart);
        }

        return Task.CompletedTask;
    });

    public sealed record CartOpened(string CartId);

    public sealed record CartFilled(string CartId, string Item);

    public sealed record CartPaid(string CartId);

    public sealed record Ignored;

    public sealed record CartRow(string Id, string Items, bool IsPaid);

    public sealed class CartList : Projection<CartRow>
    {
        public CartList()
            : base("cart-list", version: 1)
        {
            On<CartOpened>((_, e) => new CartRow(e.CartId, "", false));
            On<CartFilled>((row, e) => row! with { Items = row.Items + e.Item });
            On<CartPaid>((row, _) => row! with { IsPaid = true });
        }
    }

    private sealed class Counting : Projection<CartRow>
    {
        public Counting()
            : base("counting", version: 1)
        {
            On<CartOpened>((_, e) => new CartRow(e.CartId, $"{Interlocked.Increment(ref _folds)}", false));
        }
    }

    private sealed class ChangingRow
    {
        public string Id { get; init; } = "";

        public string Items { get; set; } = "";
    }

    private sealed class Changing : Projection<ChangingRow>
    {
        public Changing()
            : base("changing", version: 1)
        {
            On<CartOpened>((_, e) => new ChangingRow { Id = e.CartId });
            On<CartFilled>((row, e) =>
            {
                row!.Items = e.Item;
                return new ChangingRow { Id = e.CartId, Items = e.Item };
            });
        }
    }

    private sealed record ForgetfulRow(string Id)
    {
        private readonly List<string> _items = [];

        public int Count => _items.Count;

        public ForgetfulRow With(string item)
        {
            var next = new ForgetfulRow(Id);
            next._items.AddRange([.. _items, item]);
            return next;
        }
    }

    private sealed class Forgetful : Projection<ForgetfulRow>
    {
        public Forgetful()
            : base("forgetful", version: 1)
        {
            On<CartOpened>((_, e) => new ForgetfulRow(e.CartId));
            On<CartFilled>((row, e) => row!.With(e.Item));
        }
    }

    private sealed class Wandering : Projection<CartRow>
    {
        public Wandering()
            : base("wandering", version: 1)
        {
            On<CartOpened>((_, e) => new CartRow(e.CartId, "", false));
            On<CartFilled>((row, e) => row! with { Id = e.Item });
        }
    }
}
