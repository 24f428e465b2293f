using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Asking.Wire;
using Outbox.Messages.Intents;

namespace Outbox.Kafka.Tests.Asking;

public sealed class ConfigurationTests : IAsyncDisposable
{
    private readonly Desk _desk = new();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public void A_service_without_a_rider_cannot_ask()
    {
        var host = _desk.Build(null, x =>
        {
            x.AddOutboxRequestClient<GetQuote>("quotes");
            x.UsingInMemory();
        });
        host.Services.GetRequiredService<IBusControl>();

        var error = Assert.Throws<OutboxConfigurationException>(() => host.Services.GetRequiredService<RequestTopics>().CheckRider());

        Assert.Contains("UsingKafkaOutbox", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_changes_state_is_not_asked()
    {
        var error = Refused(x => x.AddOutboxRequestClient<TakeQuote>("quotes"));

        Assert.Contains("is a command (ICommand)", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_the_outbox_is_not_asked() =>
        Assert.Contains("'quote-given'", Refused(x => x.AddOutboxRequestClient<QuoteGiven>("quotes")), StringComparison.Ordinal);

    [Fact]
    public void A_topic_of_the_outbox_is_not_asked_on() =>
        Assert.Contains("'quote-given'", Refused(x => x.AddOutboxRequestClient<GetQuote>("quotes.given")), StringComparison.Ordinal);

    [Fact]
    public void A_type_is_asked_on_one_topic() => Assert.Contains("twice", Refused(x =>
    {
        x.AddOutboxRequestClient<GetQuote>("quotes");
        x.AddOutboxRequestClient<GetQuote>("others");
    }), StringComparison.Ordinal);

    [Fact]
    public void Limits_are_within_their_ranges()
    {
        Assert.Contains("MaxPending", Refused(x => x.AddOutboxRequestClient<GetQuote>("quotes", r => r.MaxPending = 0)), StringComparison.Ordinal);
        Assert.Contains("Timeout", Refused(x => x.AddOutboxRequestClient<GetQuote>("quotes", r => r.Timeout = TimeSpan.Zero)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_endpoint_answers_requests_alone()
    {
        Assert.Contains("has no consumer", Refused(_ => { }, k => k.RequestEndpoint("quotes", "shipping", _ => { })), StringComparison.Ordinal);
        Assert.Contains(
            "a message of the outbox",
            Refused(_ => { }, k => k.RequestEndpoint("quotes", "shipping", e => e.Handler<QuoteGiven>(_ => Task.CompletedTask))),
            StringComparison.Ordinal);
        Assert.Contains(
            "a topic of the outbox",
            Refused(_ => { }, k => k.RequestEndpoint("quotes.given", "shipping", e => e.Handler<GetQuote>(_ => Task.CompletedTask))),
            StringComparison.Ordinal);
    }

    private string Refused(Action<IBusRegistrationConfigurator> clients, Action<IKafkaOutboxConfigurator>? topics = null)
    {
        var error = Record.Exception(() =>
        {
            var host = _desk.Build(null, x =>
            {
                clients(x);
                x.UsingInMemory();
                x.AddRider(r => r.UsingKafkaOutbox((_, k) => topics?.Invoke(k)));
            });
            host.Services.GetRequiredService<IBusControl>();
        });
        while (error is not null and not OutboxConfigurationException)
        {
            error = error.InnerException;
        }

        return Assert.IsType<OutboxConfigurationException>(error).Message;
    }

    public sealed record TakeQuote : ICommand;
}
