using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>An enum by its names, in camelCase; also in the host's OpenAPI document, which does not know <see cref="ApiJson.Options"/>.</summary>
internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
