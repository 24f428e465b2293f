namespace Outbox.Payloads;

/// <summary>A payload that is kept apart from its message.</summary>
/// <param name="Id">Its id, which no other has.</param>
/// <param name="Topic">The topic of its message.</param>
/// <param name="MessageId">Its message.</param>
/// <param name="Content">The bytes, as the topic's transforms have left them.</param>
/// <param name="Readers">The endpoints after which nobody needs it any more; none if that is not known.</param>
public sealed record StoredPayload(string Id, string Topic, string MessageId, ReadOnlyMemory<byte> Content, IReadOnlyList<string> Readers);
