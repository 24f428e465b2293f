using System.Text.Json.Serialization;
using Outbox.Operations;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>Who acted.</summary>
internal sealed record ActorAnswer(string Name, [property: JsonConverter(typeof(CamelCase<ActorKind>))] ActorKind Kind)
{
    public string? Via { get; init; }

    public static ActorAnswer Of(Actor actor) => new(actor.Name, actor.Kind) { Via = actor.Via };
}
