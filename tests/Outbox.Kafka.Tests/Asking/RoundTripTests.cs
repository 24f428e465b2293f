using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Asking;

public sealed class RoundTripTests
{
    [Fact]
    public async Task A_question_is_answered()
    {
        await using var desk = new Desk();
        await desk.Answers(context => Desk.Give(context, "shipping"));
        var asker = await desk.Asks();

        var quote = await Desk.Ask(asker, "o1", weight: 3);

        Assert.Equal(new Quote("o1", 4.5m, "shipping"), quote.Message);
        Assert.Equal(0, Desk.RequestsOf(asker).Count);
    }

    [Fact]
    public async Task An_answer_may_be_of_several_types()
    {
        await using var desk = new Desk();
        await desk.Answers(context => context.Message.Weight > 30 ? context.RespondAsync(new QuoteRefused("too heavy")) : Desk.Give(context, "a"));
        var asker = await desk.Asks();
        await using var scope = asker.Services.CreateAsyncScope();
        var client = scope.ServiceProvider.GetRequiredService<IRequestClient<GetQuote>>();

        var given = await client.GetResponse<Quote, QuoteRefused>(new GetQuote("o1", 2));
        var refused = await client.GetResponse<Quote, QuoteRefused>(new GetQuote("o2", 31));

        Assert.True(given.Is(out Response<Quote>? quote));
        Assert.Equal(3m, quote!.Message.Price);
        Assert.True(refused.Is(out Response<QuoteRefused>? reason));
        Assert.Equal("too heavy", reason!.Message.Reason);
    }

    [Fact]
    public async Task An_answer_of_a_type_that_was_not_asked_for_is_told_at_once()
    {
        await using var desk = new Desk();
        await desk.Answers(context => context.RespondAsync(new QuoteRefused("too heavy")));
        var asker = await desk.Asks();

        var error = await Assert.ThrowsAsync<RequestException>(() => Desk.Ask(asker));

        Assert.Contains("'quote-refused'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'quote'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_questions_of_two_askers_on_one_partition_are_each_answered_to_their_asker()
    {
        await using var desk = new Desk(partitions: 1);
        await desk.Answers(context => Desk.Give(context, "a"));
        IHost[] askers = [await desk.Asks(), await desk.Asks()];

        var asked = Enumerable.Range(0, 1_000).Select(async number =>
        {
            var quote = await Desk.Ask(askers[number % 2], $"o{number}", number);
            return quote.Message == new Quote($"o{number}", number * 1.5m, "a");
        });

        Assert.All(await Task.WhenAll(asked), Assert.True);
        Assert.All(askers, asker => Assert.Equal(0, Desk.RequestsOf(asker).Count));
        // Each reads the answers to both, and takes its own.
        Assert.Empty(desk.Logs.Of(381));
    }

    [Fact]
    public async Task When_one_who_answers_stops_another_answers_the_next()
    {
        await using var desk = new Desk(partitions: 1);
        var first = await desk.Answers(context => Desk.Give(context, "first"), by: "first");
        var asker = await desk.Asks();
        Assert.Equal("first", (await Desk.Ask(asker)).Message.By);

        await first.StopAsync();
        var asked = Desk.Ask(asker);
        await desk.Answers(context => Desk.Give(context, "second"), by: "second");

        Assert.Equal("second", (await asked).Message.By);
    }

    [Fact]
    public async Task A_bus_that_is_stopped_and_started_asks_again()
    {
        await using var desk = new Desk();
        await desk.Answers(context => Desk.Give(context, "a"));
        var asker = await desk.Asks();
        await Desk.Ask(asker);
        var bus = asker.Services.GetRequiredService<IBusControl>();

        await bus.StopAsync();
        await bus.StartAsync();

        Assert.Equal("o2", (await Desk.Ask(asker, "o2")).Message.OrderId);
        Assert.Equal(2, desk.Logs.Of(380).Distinct().Count());
    }
}
