using System.Text.Json.Serialization;
using Outbox.Operations.Pausing;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>That something is paused.</summary>
internal sealed record PauseAnswer(
    [property: JsonConverter(typeof(CamelCase<PauseKind>))] PauseKind Kind, string Name, DateTimeOffset Since, DateTimeOffset Until, double RemainingSeconds, ActorAnswer By, string Reason)
{
    public static PauseAnswer Of(Pause pause) =>
        new(pause.Target.Kind, pause.Target.Name, pause.Since, pause.Until, pause.Remaining.TotalSeconds, ActorAnswer.Of(pause.By), pause.Reason);
}
