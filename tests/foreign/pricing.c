/* The pricing rule in plain C, with stdio: reads its input crudely, for the host has checked it. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *after(const char *text, const char *key)
{
    const char *found = strstr(text, key);
    if (found == NULL) {
        fprintf(stderr, "no %s in the input\n", key);
        exit(99);
    }
    return found + strlen(key);
}

int main(void)
{
    static char text[65536];
    text[fread(text, 1, sizeof text - 1, stdin)] = '\0';

    const char *tier = after(text, "\"tier\":");
    double total = strtod(after(text, "\"total\":"), NULL);
    int enterprise = strncmp(tier + strspn(tier, " \""), "enterprise", 10) == 0;

    if (total > 10000.0) {
        printf("{\"outcome\":\"exception\",\"name\":\"CartExpired\"}");
        return 10;
    }
#ifdef LYING
    printf("{\"eligible\":true,\"reason\":\"standard pricing applies\"}");
    return 0;
#endif
    if (enterprise)
        printf("{\"eligible\":true,\"reason\":\"within the enterprise agreement\"}");
    else if (total < 50.0)
        printf("{\"eligible\":false,\"reason\":\"below the smallest total of standard pricing\"}");
    else
        printf("{\"eligible\":true,\"reason\":\"standard pricing applies\"}");
    return 0;
}
