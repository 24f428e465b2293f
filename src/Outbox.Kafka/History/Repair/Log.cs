using Microsoft.Extensions.Logging;
using Outbox.History.Repair;

namespace Outbox.Kafka.History.Repair;

internal static partial class Log
{
    [LoggerMessage(551, LogLevel.Information, "Endpoint {Endpoint} has asked for versions {From} to {To} of {EntityType} {EntityId}: {Answer}")]
    public static partial void Answered(this ILogger logger, string endpoint, string entityType, string entityId, long from, long to, GapAnswer answer);

    [LoggerMessage(552, LogLevel.Error, "Versions of topic {Topic} were asked for, and nothing is answered: {Refusal}")]
    public static partial void AskRefused(this ILogger logger, string topic, string refusal);

    [LoggerMessage(560, LogLevel.Information, "Endpoint {Endpoint} has asked for the history of topic {Topic}. It goes to {Into}, {PerSecond} events a second at most, when its turn has come (request {Request}).")]
    public static partial void ReplayAsked(this ILogger logger, string endpoint, string topic, string into, int? perSecond, string request);

    [LoggerMessage(561, LogLevel.Error, "The history of topic {Topic} was asked for, and is not replayed: {Refusal}")]
    public static partial void ReplayRefused(this ILogger logger, string topic, string refusal);
}
