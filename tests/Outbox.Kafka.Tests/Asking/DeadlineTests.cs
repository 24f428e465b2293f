using Confluent.Kafka;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Outbox.Kafka.Asking.Topics;
using Outbox.Kafka.Tests.Fixture;

namespace Outbox.Kafka.Tests.Asking;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_asker_hears_at_its_deadline_where_its_question_went()
    {
        await using var desk = new Desk();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var asker = await desk.Asks(time: time);

        var asked = Desk.Ask(asker);
        await Signal.Eventually(() => desk.Read(desk.Topic).Count == 1, "the question is on its topic");
        Assert.False(asked.IsCompleted);
        time.Advance(Wait);

        var error = await Assert.ThrowsAsync<RequestTimeoutException>(() => asked);
        Assert.Contains($"'{desk.Topic}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("get-quote", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Desk.RequestsOf(asker).Count);
    }

    [Fact]
    public async Task An_answer_that_comes_late_is_dropped_and_counted()
    {
        await using var desk = new Desk();
        var release = new TaskCompletionSource();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(1));
        var asker = await desk.Asks(time: time);
        using var late = new Counts(asker, "outbox.request.late");
        var reached = new TaskCompletionSource();
        await desk.Answers(async context =>
        {
            reached.TrySetResult();
            await release.Task;
            await Desk.Give(context, "a");
        });

        var asked = Desk.Ask(asker);
        await reached.Task.WaitAsync(Signal.Patience);
        time.Advance(Wait);
        await Assert.ThrowsAsync<RequestTimeoutException>(() => asked);
        release.SetResult();

        await desk.Signal.Until(() => desk.Logs.Of(381).Any(), "the answer was dropped");
        Assert.Single(late.Seen);
    }

    [Fact]
    public async Task A_question_whose_deadline_has_passed_is_not_processed()
    {
        await using var desk = new Desk();
        var asker = await desk.Asks();
        var processed = 0;
        await desk.Answers(
            context =>
            {
                processed++;
                return Desk.Give(context, "a");
            },
            new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(2)));
        using var given = new CancellationTokenSource();

        var asked = Desk.Ask(asker, cancellationToken: given.Token);
        await desk.Signal.Until(() => desk.Logs.Of(382).Any(line => line.Contains("before", StringComparison.Ordinal)), "the question was dropped");
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(0, processed);
        await Signal.Eventually(() => Desk.RequestsOf(asker).Count == 0, "nothing waits");
    }

    [Fact]
    public async Task A_question_whose_deadline_passes_while_it_is_processed_is_not_answered()
    {
        await using var desk = new Desk();
        var asker = await desk.Asks();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await desk.Answers(
            context =>
            {
                time.Advance(TimeSpan.FromHours(1));
                return Desk.Give(context, "a");
            },
            time);
        using var given = new CancellationTokenSource();

        var asked = Desk.Ask(asker, cancellationToken: given.Token);
        await desk.Signal.Until(() => desk.Logs.Of(382).Any(line => line.Contains("after", StringComparison.Ordinal)), "the answer was dropped");
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Empty(desk.Read(desk.Replies));
    }

    [Fact]
    public async Task More_questions_than_may_wait_are_refused_at_once()
    {
        await using var desk = new Desk();
        var release = new TaskCompletionSource();
        await desk.Answers(async context =>
        {
            await release.Task;
            await Desk.Give(context, "a");
        });
        var asker = await desk.Asks(client => client.MaxPending = 2);

        Task<Response<Quote>>[] waiting = [Desk.Ask(asker, "o1"), Desk.Ask(asker, "o2")];
        await Signal.Eventually(() => Desk.RequestsOf(asker).Count == 2, "two wait");
        var refused = await Assert.ThrowsAsync<TooManyRequestsException>(() => Desk.Ask(asker, "o3"));
        release.SetResult();

        Assert.Contains("2 requests 'get-quote'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["o1", "o2"], (await Task.WhenAll(waiting)).Select(quote => quote.Message.OrderId));
        Assert.Equal("o4", (await Desk.Ask(asker, "o4")).Message.OrderId);
    }

    [Fact]
    public async Task A_question_to_a_topic_that_does_not_exist_fails_at_once()
    {
        await using var desk = new Desk();
        var asker = await desk.Asks(topic: "nobodys");
        desk.Cluster?.SetTopicError("nobodys", ErrorCode.UnknownTopicOrPart);

        var error = await Assert.ThrowsAsync<RequestException>(() => Desk.Ask(asker));

        Assert.Contains("'nobodys' does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_topic_of_answers_nothing_is_asked_until_it_is_there()
    {
        await using var desk = new Desk(withTopics: false);
        desk.Create(desk.Topic, 1);
        desk.Cluster?.SetTopicError(desk.Replies, ErrorCode.UnknownTopicOrPart);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var asker = await desk.Asks(time: time);
        await Signal.Eventually(() => asker.Services.GetRequiredService<IBusControl>().CheckHealth().Status != BusHealthStatus.Healthy, "the bus is unhealthy");

        var asked = Desk.Ask(asker);
        await Signal.Eventually(() => Desk.RequestsOf(asker).Count == 1, "it waits");
        time.Advance(Wait);
        var error = await Assert.ThrowsAsync<RequestTimeoutException>(() => asked);
        Assert.Contains($"'{desk.Replies}' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Empty(desk.Read(desk.Topic));

        if (desk.Cluster is { } embedded)
        {
            // It has had the topic since that was to be missing.
            embedded.SetTopicError(desk.Replies, ErrorCode.NoError);
        }
        else
        {
            desk.Create(desk.Replies, 1);
        }

        await desk.Answers(context => Desk.Give(context, "a"), time);
        Assert.Equal("o2", (await Desk.Ask(asker, "o2")).Message.OrderId);
    }
}
