using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Testing.Tests.Harness;

namespace Outbox.Testing.Tests.Capture;

/// <summary>Answers of registered types are part of the transaction of the consumer that gives them.</summary>
public sealed class ReplyTests
{
    [Fact]
    public async Task G1_an_answer_of_a_registered_type_is_sent_when_its_transaction_has_committed()
    {
        await using var services = await StartAsync();

        var answer = await services.GetTestHarness().GetRequestClient<ReserveStock>().GetResponse<StockReserved>(new ReserveStock("o1", 1));

        Assert.Equal("o1", answer.Message.OrderId);
        var published = await services.GetRequiredService<OutboxHarness>().Published<StockReserved>();
        Assert.Equal(("bus:replies", $"reply/{answer.RequestId}", 1), (published.Topic, published.EntityId, published.Version));
        Assert.NotNull(published.Envelope.ExpiresAt);
    }

    [Fact]
    public async Task G1_an_attempt_that_fails_answers_nothing_and_the_next_one_does()
    {
        await using var services = await StartAsync(retries: 1);

        var answer = await services.GetTestHarness().GetRequestClient<ReserveStock>().GetResponse<StockReserved>(new ReserveStock("fails once", 1));

        Assert.Equal("fails once", answer.Message.OrderId);
        var harness = services.GetRequiredService<OutboxHarness>();
        await harness.Settled();
        Assert.Single(harness.All<StockReserved>());
    }

    [Fact]
    public async Task A_request_that_fails_is_answered_with_its_fault_alone()
    {
        await using var services = await StartAsync();

        var fault = await Assert.ThrowsAsync<RequestFaultException>(
            () => services.GetTestHarness().GetRequestClient<ReserveStock>().GetResponse<StockReserved>(new ReserveStock("fails once", 1)));

        Assert.Contains("InvalidTimeZoneException", fault.Message, StringComparison.Ordinal);
        await services.GetRequiredService<OutboxHarness>().Settled();
        Assert.Empty(services.GetRequiredService<OutboxHarness>().Messages);
    }

    [Fact]
    public async Task An_answer_of_another_type_goes_out_at_once()
    {
        await using var services = await StartAsync();

        var answer = await services.GetTestHarness().GetRequestClient<ReserveStock>().GetResponse<OrderCancelled>(new ReserveStock("unregistered", 1));

        Assert.Equal("unregistered", answer.Message.OrderId);
        Assert.Empty(services.GetRequiredService<OutboxHarness>().Messages);
    }

    private static async Task<ServiceProvider> StartAsync(int retries = 0)
    {
        var services = new ServiceCollection()
            .AddSingleton<AnsweringConsumer.Failures>()
            .AddMassTransitTestHarness(x =>
            {
                x.AddOutbox(o =>
                {
                    o.UseInMemory();
                    o.Topic("stock", t => t.Message<StockReserved>());
                });
                x.AddConsumer<AnsweringConsumer>();
                x.AddConfigureEndpointsCallback((_, _, endpoint) => endpoint.UseMessageRetry(r => _ = retries > 0 ? r.Immediate(retries) : r.None()));
            })
            .BuildServiceProvider(true);
        await services.GetTestHarness().Start();
        return services;
    }
}
