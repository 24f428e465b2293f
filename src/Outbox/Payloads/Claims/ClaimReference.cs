using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Outbox.Messages;

namespace Outbox.Payloads.Claims;

/// <summary>What a message has in place of a payload that is kept apart.</summary>
/// <param name="Id">The id in the store.</param>
/// <param name="Length">How many bytes are there.</param>
/// <param name="Sha256">Their hash, in hexadecimal digits.</param>
internal sealed record ClaimReference([property: JsonPropertyName("claim")] string Id, int Length, string Sha256)
{
    private const int LongestId = 1_024;

    public static ClaimReference Of(string id, ReadOnlySpan<byte> content) => new(id, content.Length, Convert.ToHexStringLower(SHA256.HashData(content)));

    /// <exception cref="PayloadException">It is none.</exception>
    public static ClaimReference Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<ClaimReference>(json, MessageJson.Default) is { Id.Length: > 0 and <= LongestId, Length: >= 0, Sha256.Length: 64 } reference
                ? reference
                : throw new PayloadException("The reference to the claimed payload is not { claim, length, sha256 }.");
        }
        catch (JsonException error)
        {
            throw new PayloadException($"The reference to the claimed payload is not JSON: {error.Message}", error);
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, MessageJson.Default);

    public bool Is(ReadOnlySpan<byte> content) =>
        content.Length == Length && string.Equals(Convert.ToHexStringLower(SHA256.HashData(content)), Sha256, StringComparison.OrdinalIgnoreCase);
}
