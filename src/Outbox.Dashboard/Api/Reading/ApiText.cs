using System.Text.Json;
using Outbox.Dashboard.Api.Answering;
using Outbox.Operations;

namespace Outbox.Dashboard.Api.Reading;

/// <summary>Reads texts of a request.</summary>
internal static class ApiText
{
    private const int LongestReason = 1_000;

    private const int Usual = 100;

    /// <exception cref="ApiException">It is missing.</exception>
    public static string Needed(string? text, string name) =>
        !string.IsNullOrWhiteSpace(text) ? text : throw ApiException.Invalid($"'{name}' is missing or empty.");

    /// <exception cref="ApiException">It says nothing, or too much.</exception>
    public static string Reason(string? reason) => Needed(reason, "reason") is { Length: <= LongestReason } said
        ? said
        : throw ApiException.Invalid($"'reason' may have {LongestReason} characters.");

    /// <exception cref="ApiException">It is no size of a page.</exception>
    public static int Size(string? size) => size is null ? Usual
        : int.TryParse(size, out var number) && number is >= 1 and <= Page<string>.MostItems ? number
        : throw ApiException.Invalid($"'size' must be a number from 1 to {Page<string>.MostItems}.");

    /// <exception cref="ApiException">It is none of the names.</exception>
    public static T? Name<T>(string? text, string name)
        where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
        return text is null ? null
            : names.TryGetValue(text, out var value) ? value
            : throw ApiException.Invalid($"'{name}' must be one of: {string.Join(", ", names.Keys)}.");
    }

    /// <exception cref="ApiException">It is no time.</exception>
    public static DateTimeOffset? Time(string? text, string name)
    {
        try
        {
            return text is null ? null : JsonSerializer.Deserialize<DateTimeOffset>(JsonSerializer.Serialize(text), ApiJson.Options);
        }
        catch (JsonException)
        {
            throw ApiException.Invalid($"'{name}' must be a time as ISO 8601 has it, like 2026-11-26T05:30:00Z.");
        }
    }

    /// <exception cref="ApiException">It is neither.</exception>
    public static bool Flag(string? text, string name) => text switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw ApiException.Invalid($"'{name}' must be true or false."),
    };
}
