namespace Outbox.Messages.Intents;

/// <summary>
/// The receiver of a command refuses it. Register it on a topic of the receiver's, <c>t.Message&lt;CommandRejected&gt;()</c>; it is about the command,
/// so its entity is the command's message id, and its version is 1.
/// </summary>
/// <param name="CommandId">The message id of the command.</param>
/// <param name="CommandType">The command's type name.</param>
/// <param name="EntityId">The entity that the command was about.</param>
/// <param name="Reason">Why it was refused, for people.</param>
public sealed record CommandRejected(string CommandId, string CommandType, string EntityId, string Reason) : IEvent;
