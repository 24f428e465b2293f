namespace Outbox.Payloads.Chain;

/// <summary>A payload as transforms have left it.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Encoding">The transforms; empty where none paid.</param>
/// <param name="Headers">Their headers.</param>
internal readonly record struct EncodedPayload(ReadOnlyMemory<byte> Bytes, string Encoding, IReadOnlyDictionary<string, string> Headers);
