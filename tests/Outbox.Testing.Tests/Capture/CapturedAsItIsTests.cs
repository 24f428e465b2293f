using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Capture;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>What MassTransit's calls are given is what is stored.</summary>
public sealed class CapturedAsItIsTests
{
    public record Animal(string Name);

    public sealed record Dog(string Name, string Breed) : Animal(Name);

    public sealed record Cat(string Name, int Lives) : Animal(Name);

    public interface INamed
    {
        string Name { get; }
    }

    public static TheoryData<string, object, string> Values => new()
    {
        { "text", "größer", "größer" },
        { "date", new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc).AddTicks(9), "2026-01-02T03:04:05.6780009Z" },
        { "time", new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)), "2026-01-02T03:04:05.6780000+02:00" },
        { "number", 1.5, "1.5" },
        { "money", 1234.50m, "1234.50" },
        { "array", new[] { "a", "ä" }, """["a","ä"]""" },
        { "dictionary", new Dictionary<string, int> { ["a"] = 1 }, """{"a":1}""" },
        { "object", new Animal("rex"), """{"name":"rex"}""" },
        { "bytes", new byte[] { 1, 2, 255 }, "AQL/" },
        { "id", Guid.Empty, "00000000-0000-0000-0000-000000000000" },
        { "address", new Uri("queue:labels"), "queue:labels" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task A_header_that_is_no_text_keeps_its_value(string name, object value, string expected)
    {
        await using var services = await StartAsync();

        await InTransactionAsync(services, publish => publish.Publish(new StockReserved("o1"), x => x.Headers.Set(name, value)));

        var stored = (await services.GetRequiredService<OutboxHarness>().Published<StockReserved>()).Envelope.Headers[name];
        Assert.Equal(expected, stored);
    }

    [Theory]
    [InlineData("entityId")]
    [InlineData("ReplyTo")]
    [InlineData("ce_id")]
    [InlineData("MT-Activity-Id")]
    [InlineData("messageid")]
    public async Task A_header_of_the_frameworks_is_refused(string name)
    {
        await using var services = await StartAsync();

        var refused = await Assert.ThrowsAsync<OutboxException>(
            () => InTransactionAsync(services, publish => publish.Publish(new StockReserved("o1"), x => x.Headers.Set(name, "customer-9"))));

        Assert.Contains($"'{name}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_whose_own_type_is_registered_is_that()
    {
        await using var services = await StartAsync();
        Animal pet = new Dog("rex", "collie");

        await InTransactionAsync(services, publish => publish.Publish(pet));
        await InTransactionAsync(services, publish => publish.Publish(pet, typeof(Animal)));

        await services.GetRequiredService<OutboxHarness>().Published<Dog>();
        await services.GetRequiredService<OutboxHarness>().Settled();
        Assert.Equal([pet, pet], services.GetRequiredService<OutboxHarness>().All<Dog>().Select(x => x.Message));
    }

    [Fact]
    public async Task What_the_registered_base_would_lose_is_refused()
    {
        await using var services = await StartAsync();

        var refused = await Assert.ThrowsAsync<OutboxException>(() => InTransactionAsync(services, publish => publish.Publish<Animal>(new Cat("tom", 9))));

        Assert.Contains("lives would be lost", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_is_published_from_its_values()
    {
        await using var services = await StartAsync();

        await InTransactionAsync(services, publish => publish.Publish<INamed>(new { Name = "ann" }));

        await services.GetRequiredService<OutboxHarness>().Settled();
        var published = Assert.Single(services.GetRequiredService<OutboxHarness>().Messages);
        Assert.Equal(("named", "ann", """{"name":"ann"}"""), (published.Type, published.EntityId, published.Payload));
    }

    [Fact]
    public async Task Messages_that_are_published_in_parallel_are_all_captured()
    {
        await using var services = await StartAsync();

        await InTransactionAsync(services, publish => Task.WhenAll(Enumerable.Range(0, 500).Select(async n =>
        {
            await Task.Delay(5);
            await publish.Publish(new StockReserved($"o{n}"));
        })));

        var harness = services.GetRequiredService<OutboxHarness>();
        await harness.Settled();
        Assert.Equal(500, harness.All<StockReserved>().Select(x => x.EntityId).Distinct().Count());
    }

    private static async Task InTransactionAsync(IServiceProvider services, Func<IPublishEndpoint, Task> publish)
    {
        await using var scope = services.CreateAsyncScope();
        await services.GetRequiredService<IOutbox>().ExecuteAsync((_, _) => publish(scope.ServiceProvider.GetRequiredService<IPublishEndpoint>()));
    }

    private static async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection()
            .AddMassTransitTestHarness(x => x.AddOutbox(o =>
            {
                o.UseInMemory();
                o.Topic("stock", t =>
                {
                    t.Message<StockReserved>();
                    t.Message<Animal>();
                    t.Message<Dog>();
                    t.Message<INamed>("named");
                });
                o.EntityOf<StockReserved>(m => m.OrderId);
                o.EntityOf<Animal>(m => m.Name);
                o.EntityOf<INamed>(m => m.Name);
            }))
            .BuildServiceProvider(true);
        await services.GetTestHarness().Start();
        return services;
    }
}
