using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Outbox.Dashboard.Api.Answering;

namespace Outbox.Dashboard.Api.Reading;

/// <summary>Reads a body of JSON, and says by name what is wrong with it.</summary>
internal static class ApiBody
{
    private const int Usual = 64 * 1024;

    /// <param name="http">The request.</param>
    /// <param name="most">How many bytes it may have.</param>
    /// <exception cref="ApiException">It is too large, or is not what it should be.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext http, int most = Usual)
    {
        if (!http.Request.HasJsonContentType())
        {
            throw new ApiException(StatusCodes.Status415UnsupportedMediaType, ApiCodes.InvalidRequest, "Send a body of application/json.");
        }

        var body = await BytesAsync(http.Request, most, http.RequestAborted).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            Check(document.RootElement, ApiJson.Options.GetTypeInfo(typeof(T)), "The body");
            return document.RootElement.Deserialize<T>(ApiJson.Options)!;
        }
        catch (JsonException error)
        {
            // Its message has names of types in it.
            throw ApiException.Invalid(error.Path is { Length: > 2 } path ? $"'{path[2..]}' is not what it should be." : "The body is no JSON, or has a member twice.");
        }
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        var body = new byte[Math.Min(most, request.ContentLength ?? Usual) + 1];
        var length = 0;
        while (await request.Body.ReadAsync(body.AsMemory(length), cancellationToken).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
            if (length > most)
            {
                throw ApiException.TooLarge($"The body may have {most} bytes.");
            }

            if (length == body.Length)
            {
                Array.Resize(ref body, Math.Min(most + 1, 2 * length));
            }
        }

        return body[..length];
    }

    private static void Check(JsonElement element, JsonTypeInfo type, string what)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.Invalid($"{what} must be a JSON object.");
        }

        var known = type.Properties.ToDictionary(property => property.Name);
        foreach (var member in element.EnumerateObject())
        {
            if (!known.TryGetValue(member.Name, out var property))
            {
                throw ApiException.Invalid($"There is no member '{member.Name}' here. There are: {string.Join(", ", known.Keys)}.");
            }

            if (member.Value.ValueKind != JsonValueKind.Null)
            {
                Check(member.Value, ApiJson.Options.GetTypeInfo(property.PropertyType), $"'{member.Name}'");
            }
        }

        if (type.Properties.FirstOrDefault(property => property.IsRequired && (!element.TryGetProperty(property.Name, out var value) || value.ValueKind == JsonValueKind.Null)) is { } missing)
        {
            throw ApiException.Invalid($"'{missing.Name}' is missing.");
        }
    }
}
