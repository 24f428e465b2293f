using MassTransit;
using Microsoft.Extensions.Logging;
using Outbox.History.Repair;

namespace Outbox.Kafka.History.Repair;

/// <summary>Answers an endpoint that has missed versions.</summary>
internal sealed class RepublishVersionsConsumer(AnsweredTopic topic, IRepublisher republisher, RepairMetrics metrics, ILogger logger) : IConsumer<RepublishVersions>
{
    /// <summary>How often it waits for what is repeated for another endpoint. Then it leaves that out, and is asked again.</summary>
    public const int MostPauses = 5;

    private const int LongestName = 255;

    public async Task Consume(ConsumeContext<RepublishVersions> context)
    {
        var ask = context.Message;
        if (Refusal(ask, topic) is { } refusal)
        {
            logger.AskRefused(topic.Topic, refusal);
            metrics.Refused(topic.Topic);
            return;
        }

        var grant = context.TryGetPayload<Grant>(out var given) ? given : throw new OutboxException("Nothing was granted for the command.");
        var answer = await republisher.AnswerAsync(context.Transaction(), topic, ask, grant, context.CancellationToken).ConfigureAwait(false);
        if (answer.Elsewhere > 0 && context.GetRetryAttempt() < MostPauses)
        {
            throw new RepeatedElsewhereException();
        }

        metrics.Answered(topic.Topic, answer);
        logger.Answered(ask.Endpoint, ask.EntityType, ask.EntityId, ask.From, ask.To, answer);
    }

    /// <summary>Why nothing is answered. Whoever may write to the topic may write anything.</summary>
    public static string? Refusal(RepublishVersions ask, AnsweredTopic topic) => ask switch
    {
        { EntityId: null or "" } or { Endpoint: null or "" or { Length: > LongestName } } => "it does not say the entity, or who asks",
        _ when ask.Endpoint.Any(char.IsControl) => "the name of who asks has control characters",
        _ when ask.From < 1 || ask.To < ask.From || ask.To == long.MaxValue => $"versions {ask.From} to {ask.To} are no range",
        _ when ask.Topic != topic.Topic => $"it is about topic '{Shown(ask.Topic)}'",
        _ when ask.EntityType is { Length: > 0 } type && type != topic.EntityType =>
            $"it is about a '{Shown(type)}', and the entities of the topic are '{topic.EntityType}' (t.EntityType), here and where they are consumed",
        _ => null,
    };

    private static string Shown(string? name) => name is null ? "" : Formats.Wire.WireText.Clean(Formats.Wire.WireText.Short(name));
}
