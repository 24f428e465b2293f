using Outbox.Dashboard.Api.Answering;
using Outbox.Operations.Failures;

namespace Outbox.Dashboard.Api.Parked;

/// <summary>How a message was given up.</summary>
internal sealed record DiscardAnswer(DateTimeOffset At, ActorAnswer By, string Reason)
{
    public string? OperationId { get; init; }

    public static DiscardAnswer? Of(DiscardNote? note) => note is null ? null : new(note.At, ActorAnswer.Of(note.By), note.Reason) { OperationId = note.OperationId };
}
