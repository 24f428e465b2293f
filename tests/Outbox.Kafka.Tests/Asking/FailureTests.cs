using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Asking;

public sealed class FailureTests
{
    [Fact]
    public async Task The_asker_is_told_of_a_consumer_that_fails_and_the_next_question_is_answered()
    {
        await using var desk = new Desk();
        await desk.Answers(context => context.Message.Weight < 0 ? throw new ArgumentException("no parcel weighs less than nothing") : Desk.Give(context, "a"));
        var asker = await desk.Asks();

        var error = await Assert.ThrowsAsync<RequestFaultException>(() => Desk.Ask(asker, weight: -1));

        Assert.Contains(error.Fault!.Exceptions, x => x.Message == "no parcel weighs less than nothing");
        Assert.Equal("o2", (await Desk.Ask(asker, "o2")).Message.OrderId);
        Assert.Single(desk.Logs.Of(384));
    }

    [Fact]
    public async Task The_asker_is_told_of_a_consumer_that_answers_nothing()
    {
        await using var desk = new Desk();
        await desk.Answers(_ => Task.CompletedTask);
        var asker = await desk.Asks();

        var error = await Assert.ThrowsAsync<RequestFaultException>(() => Desk.Ask(asker));

        Assert.Contains(error.Fault!.Exceptions, x => x.Message.Contains("has not answered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_asker_is_told_that_nobody_takes_its_type_of_question()
    {
        await using var desk = new Desk();
        await desk.Answers(context => Desk.Give(context, "a"));
        var asker = await desk.Asks();
        await using var scope = asker.Services.CreateAsyncScope();

        var error = await Assert.ThrowsAsync<RequestFaultException>(
            () => scope.ServiceProvider.GetRequiredService<IRequestClient<GetWeight>>().GetResponse<Quote>(new { OrderId = "o1" }));

        Assert.Contains(error.Fault!.Exceptions, x => x.Message.Contains("takes 'get-weight'; it takes 'get-quote'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("context")]
    [InlineData("injected")]
    public async Task A_consumer_that_answers_publishes_nothing(string way)
    {
        await using var desk = new Desk();
        await desk.Answers(context => way == "context"
            ? context.Publish(new QuoteGiven(context.Message.OrderId))
            : context.GetPayload<IServiceProvider>().GetRequiredService<IPublishEndpoint>().Publish(new QuoteGiven(context.Message.OrderId), x => x.SetEntity(context.Message.OrderId)));
        var asker = await desk.Asks();

        var error = await Assert.ThrowsAsync<RequestFaultException>(() => Desk.Ask(asker));

        Assert.Contains(error.Fault!.Exceptions, x => x.Message.Contains("changes nothing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_question_is_logged_and_passed_over()
    {
        await using var desk = new Desk(partitions: 1);
        using var producer = new ProducerBuilder<string?, string>(new ProducerConfig { BootstrapServers = desk.BootstrapServers }).Build();
        await producer.ProduceAsync(desk.Topic, new Message<string?, string> { Value = "?" }, TestContext.Current.CancellationToken);
        await producer.ProduceAsync(desk.Topic, new Message<string?, string> { Value = "{}", Headers = Headers("orders") }, TestContext.Current.CancellationToken);
        await desk.Answers(context => Desk.Give(context, "a"));
        var asker = await desk.Asks();

        Assert.Equal("o1", (await Desk.Ask(asker)).Message.OrderId);

        Assert.Collection(
            desk.Logs.Of(383).OrderBy(line => line.Contains("'requestId'", StringComparison.Ordinal)),
            line => Assert.Contains("name ends with '.replies'", line, StringComparison.Ordinal),
            line => Assert.Contains("'requestId' is missing", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_asker_is_told_that_its_question_cannot_be_read()
    {
        await using var desk = new Desk(partitions: 1);
        await desk.Answers(context => Desk.Give(context, "a"));
        using var producer = new ProducerBuilder<string?, string>(new ProducerConfig { BootstrapServers = desk.BootstrapServers }).Build();

        await producer.ProduceAsync(desk.Topic, new Message<string?, string> { Value = "[", Headers = Headers(desk.Replies) }, TestContext.Current.CancellationToken);

        await Signal.Eventually(() => desk.Read(desk.Replies).Count == 1, "it was answered");
        var answer = Assert.Single(desk.Read(desk.Replies));
        Assert.Contains("is no 'get-quote'", answer.Value, StringComparison.Ordinal);
        Assert.Equal("fault"u8, answer.Headers.GetLastBytes("type"));
    }

    private static Confluent.Kafka.Headers Headers(string replyTo) => new()
    {
        { "requestId", "7a7c3c4e-0f5c-4a6b-9a55-0c5d3a6f1e01"u8.ToArray() },
        { "type", "get-quote"u8.ToArray() },
        { "deadline", "2999-01-01T00:00:00Z"u8.ToArray() },
        { "replyTo", System.Text.Encoding.UTF8.GetBytes(replyTo) },
        { "replyPartition", "0"u8.ToArray() },
        { "replyInstance", "nobody"u8.ToArray() },
    };
}
