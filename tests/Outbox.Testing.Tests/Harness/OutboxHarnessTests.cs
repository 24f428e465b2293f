using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Driver;
using Outbox.Embedded.MongoDb;
using Outbox.Messages;

namespace Outbox.Testing.Tests.Harness;

public sealed class OutboxHarnessTests
{
    // docs
    [Fact]
    public async Task An_order_that_is_placed_is_published()
    {
        using var host = await StartAsync(o => o.UseInMemory());
        var harness = host.Services.GetRequiredService<OutboxHarness>();

        await host.Services.GetRequiredService<OrderService>().PlaceAsync("o1", quantity: 2);

        var placed = await harness.Published<OrderPlaced>(x => x.OrderId == "o1");
        Assert.Equal((2, 1), (placed.Message.Quantity, placed.Version));
    }

    [Fact]
    public async Task An_order_that_is_refused_publishes_nothing()
    {
        using var host = await StartAsync(o => o.UseInMemory());
        var harness = host.Services.GetRequiredService<OutboxHarness>();

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Services.GetRequiredService<OrderService>().PlaceAsync("o1", quantity: 101));

        await harness.Settled();
        Assert.Empty(harness.All<OrderPlaced>());
    }
    // end

    // docs
    [Fact]
    public async Task An_order_is_stored_and_published()
    {
        await using var mongo = await MongoServer.StartAsync();
        using var host = await StartAsync(o =>
        {
            o.UseMongoDb(m =>
            {
                m.Connection = mongo.ConnectionString;
                m.DatabaseName = "orders";
            });
            o.UseInMemoryBroker();
        });

        await host.Services.GetRequiredService<StoringOrderService>().PlaceAsync("o1", quantity: 2);

        await host.Services.GetRequiredService<OutboxHarness>().Published<OrderPlaced>(x => x.OrderId == "o1");
        var orders = host.Services.GetRequiredService<IMongoDatabase>().GetCollection<Order>("orders");
        Assert.Equal(2, (await orders.Find(x => x.Id == "o1").SingleAsync()).Quantity);
    }
    // end

    [Fact]
    public async Task Code_that_writes_MongoDB_is_told_what_it_needs()
    {
        using var host = await StartAsync(o => o.UseInMemory());
        var service = new StoringOrderService(
            host.Services.GetRequiredService<Outbox.Capture.IOutbox>(), new MongoClient("mongodb://127.0.0.1:1/").GetDatabase("none"));

        var refused = await Assert.ThrowsAsync<OutboxException>(() => service.PlaceAsync("o1", 1));

        Assert.Contains("no MongoDB session", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Outbox.Embedded", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_that_ends_says_what_was_published_instead()
    {
        using var host = await StartAsync(o => o.UseInMemory());
        var harness = host.Services.GetRequiredService<OutboxHarness>();
        await host.Services.GetRequiredService<OrderService>().PlaceAsync("o2", 2);
        await harness.Published<OrderPlaced>();
        harness.Timeout = TimeSpan.FromMilliseconds(50);

        var missed = await Assert.ThrowsAsync<TimeoutException>(() => harness.Published<OrderPlaced>(x => x.OrderId == "o1"));

        Assert.Contains("No OrderPlaced that matches was published within 0.1 s", missed.Message, StringComparison.Ordinal);
        Assert.Contains("""order-placed of 'o2' version 1 on orders: {"orderId":"o2","quantity":2}""", missed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_without_a_relay_says_that_there_is_none()
    {
        using var host = await StartAsync(o =>
        {
            o.UseInMemory();
            o.RelayEnabled = false;
        });
        var harness = host.Services.GetRequiredService<OutboxHarness>();
        await host.Services.GetRequiredService<OrderService>().PlaceAsync("o1", 2);
        harness.Timeout = TimeSpan.FromMilliseconds(50);

        var missed = await Assert.ThrowsAsync<TimeoutException>(() => harness.Settled());

        Assert.Contains("Nothing was published.", missed.Message, StringComparison.Ordinal);
        Assert.Contains("Still in the outbox:", missed.Message, StringComparison.Ordinal);
        Assert.Contains("order-placed of 'o1'", missed.Message, StringComparison.Ordinal);
        Assert.Contains("RelayEnabled", missed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_is_not_registered_is_an_error_at_once()
    {
        using var host = await StartAsync(o => o.UseInMemory());

        var refused = await Assert.ThrowsAsync<OutboxException>(() => host.Services.GetRequiredService<OutboxHarness>().Published<OrderCancelled>());

        Assert.Contains("is not registered", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tombstone_is_seen_by_its_entity()
    {
        using var host = await StartAsync(o => o.UseInMemory());

        await host.Services.GetRequiredService<OrderService>().DeleteAsync("o1");

        var gone = await host.Services.GetRequiredService<OutboxHarness>().PublishedTombstone<OrderPlaced>("o1");
        Assert.Equal((2L, "orders"), (gone.Version, gone.Topic));
    }

    [Fact]
    public async Task A_delayed_message_is_published_when_the_clock_says_so()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        using var host = await StartAsync(o => o.UseInMemory(), services => services.AddSingleton<TimeProvider>(time));
        var harness = host.Services.GetRequiredService<OutboxHarness>();
        await host.Services.GetRequiredService<OrderService>().PlaceAsync("later", 1, new() { NotBefore = time.GetUtcNow().AddHours(1) });
        await host.Services.GetRequiredService<OrderService>().PlaceAsync("now", 1);
        await harness.Published<OrderPlaced>(x => x.OrderId == "now");

        await harness.Settled();
        Assert.DoesNotContain(harness.All<OrderPlaced>(), x => x.EntityId == "later");
        time.Advance(TimeSpan.FromHours(2));

        await harness.Published<OrderPlaced>(x => x.OrderId == "later");
    }

    [Fact]
    public void A_harness_without_an_outbox_is_refused()
    {
        var refused = Assert.Throws<OutboxConfigurationException>(() => new ServiceCollection().AddOutbox(o => o.UseInMemoryBroker()));

        Assert.Contains("UseInMemory or UseMongoDb", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<IHost> StartAsync(Action<OutboxConfigurator> store, Action<IServiceCollection>? replace = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<OrderService>().AddSingleton<StoringOrderService>();
        builder.Services.AddOutbox(o =>
        {
            store(o);
            o.Topic("orders", t => t.Message<OrderPlaced>());
        });
        replace?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }
}
