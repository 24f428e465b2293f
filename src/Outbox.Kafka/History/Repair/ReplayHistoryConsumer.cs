using MassTransit;
using Microsoft.Extensions.Logging;
using Outbox.History.Repair;
using Outbox.History.Replaying;
using Outbox.Messages.Registration;

namespace Outbox.Kafka.History.Repair;

/// <summary>Takes in that a service wants a topic's whole history, or no more of it. The work is done apart: it takes longer than any message may.</summary>
internal sealed class ReplayHistoryConsumer(AnsweredTopic topic, IHistoryReplayStore store, TopicRegistry topics, ILogger logger)
    : IConsumer<ReplayHistory>, IConsumer<CancelHistoryReplay>
{
    private const int LongestName = 249;

    public async Task Consume(ConsumeContext<ReplayHistory> context)
    {
        var (ask, token) = (context.Message, context.CancellationToken);
        if (Unanswerable(ask, topic, topics) is { } unanswerable)
        {
            logger.ReplayRefused(topic.Topic, unanswerable);
            return;
        }

        var refusal = topic.Options.ReplayPerSecond is null
            ? $"the owner of topic '{topic.Topic}' gives no history away (t.AnswerGaps(a => a.ReplayPerSecond = …))"
            : await store.AddAsync(context.Transaction(), ask, token).ConfigureAwait(false);
        if (refusal is null)
        {
            logger.ReplayAsked(ask.Endpoint, topic.Topic, ask.Into, topic.Options.ReplayPerSecond, ask.RequestId);
            return;
        }

        logger.ReplayRefused(topic.Topic, refusal);
        await store.RefuseAsync(context.Transaction(), topic, ask, refusal, token).ConfigureAwait(false);
    }

    public Task Consume(ConsumeContext<CancelHistoryReplay> context) => context.Message is { Into: not null, RequestId: not null } ask && ask.Topic == topic.Topic
        ? store.CancelAsync(context.Transaction(), ask, context.CancellationToken)
        : Task.CompletedTask;

    /// <summary>Why the one who asked cannot even be told. Whoever may write to the topic may write anything.</summary>
    private static string? Unanswerable(ReplayHistory ask, AnsweredTopic topic, TopicRegistry topics) => ask switch
    {
        { Endpoint: null or "" or { Length: > LongestName } } or { RequestId: null or "" or { Length: > LongestName } } => "it does not say who asks",
        _ when ask.Endpoint.Any(char.IsControl) || ask.RequestId.Any(char.IsControl) => "the name of who asks has control characters",
        _ when ask.Topic != topic.Topic => $"it is about topic '{Shown(ask.Topic)}'",
        _ when !HistoryTopic.IsOf(topic.Topic, ask.Into) || !TopicName.IsValid(ask.Into) || topics.All.Any(known => known.Name == ask.Into) =>
            $"'{Shown(ask.Into)}' is no topic of its own: the history of '{topic.Topic}' goes to topics that are called {HistoryTopic.Of(topic.Topic, "…")}, on which nothing else lives",
        _ => null,
    };

    private static string Shown(string? name) => name is null ? "" : Formats.Wire.WireText.Clean(Formats.Wire.WireText.Short(name));
}
